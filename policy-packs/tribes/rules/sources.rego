# What a Tribes manifest requires of the sources of its plugin. Nothing is compiled.
package main

import rego.v1

modules := as_list(data.facts.modules)

migration_files := [path | some path in data.facts.migrations; not startswith(file_name(path), ".")]

file_name(path) := parts[count(parts) - 1] if parts := split(path, "/")

flag(field) := value if {
	value := object.get(input, field, false)
	is_boolean(value)
}

deny contains {"rule": "migrations", "msg": msg, "pointer": "/migrations"} if {
	flag("migrations") == false
	count(migration_files) > 0
	msg := sprintf("migrations must be true: %s is a migration", [migration_files[0]])
}

deny contains {"rule": "migrations", "msg": msg, "pointer": "/migrations"} if {
	flag("migrations") == true
	count(migration_files) == 0
	msg := "migrations must be false: priv/repo/migrations contains no migration"
}

warn contains {"rule": "children", "msg": msg, "pointer": "/children"} if {
	flag("children") == false
	some hit in data.facts.supervisors
	msg := sprintf("children must be true: %s:%d starts a supervisor", [hit.path, hit.line])
}

# The entry module.
entry_modules := [module | some module in modules; module.name == input.entry_module]

module_pattern := `^[A-Z][A-Za-z0-9_]*(\.[A-Z][A-Za-z0-9_]*)*\.Plugin$`

has_entry_name if {
	is_string(input.entry_module)
	regex.match(module_pattern, input.entry_module)
}

deny contains {"rule": "entry-module", "msg": msg, "pointer": "/entry_module"} if {
	has_entry_name
	count(entry_modules) == 0
	msg := sprintf("no file in lib/ defines the module %s", [input.entry_module])
}

base_uses := [used | some module in entry_modules; some used in as_list(module.use); used.module == "Tribes.Plugin.Base"]

deny contains {"rule": "entry-otp-app", "msg": msg, "pointer": "/otp_app"} if {
	some used in base_uses
	app := used.options.otp_app
	is_string(app)
	is_app(input.otp_app)
	app != input.otp_app
	msg := sprintf("otp_app is %s, but %s uses Tribes.Plugin.Base with otp_app: :%s", [input.otp_app, input.entry_module, app])
}

deny contains {"rule": "entry-otp-app", "msg": msg, "pointer": "/otp_app"} if {
	some used in base_uses
	not is_string(object.get(used, ["options", "otp_app"], null))
	msg := sprintf("otp_app of Tribes.Plugin.Base in %s cannot be read statically; write it as a literal", [input.entry_module])
}

# The UI.
deny contains {"rule": "ui-required", "msg": msg, "pointer": "/requires"} if {
	count(data.facts.ui) > 0
	is_array(object.get(input, "requires", []))
	required := {name | some name in object.get(input, "requires", [])}
	count(required & {name | some name in data.settings.ui_capabilities}) == 0
	hit := data.facts.ui[0]
	msg := sprintf("requires must contain %s: %s:%d contains %s", [data.settings.ui_capabilities[0], hit.path, hit.line, hit.word])
}

# Names of modules.
own_namespace := trim_suffix(input.entry_module, ".Plugin") if has_entry_name

warn contains {"rule": "own-namespace", "msg": msg, "pointer": "/entry_module"} if {
	not earlier_contract
	some module in modules
	module.name != own_namespace
	not startswith(module.name, sprintf("%s.", [own_namespace]))
	msg := sprintf("%s:%d: the module %s is not in the namespace of the plugin, %s", [module.path, module.line, module.name, own_namespace])
}

warn contains {"rule": "internal-module", "msg": msg, "pointer": "/entry_module"} if {
	not earlier_contract
	some module in modules
	some hit in used_modules(module)
	startswith(hit.module, "Tribes.")
	not is_public(hit.module)
	msg := sprintf("%s:%d: %s is not part of the public modules of Tribes", [module.path, hit.line, hit.module])
}

used_modules(module) := {{"module": hit.module, "line": hit.line} |
	some list in ["use", "import", "references"]
	some hit in as_list(object.get(module, list, []))
}

is_public(name) if {
	some pattern in data.settings.public_modules
	matches(pattern, name)
}

# A pattern with `*` for any characters.
matches(pattern, name) if {
	escaped := replace(replace(pattern, ".", `\.`), "*", ".*")
	regex.match(sprintf("^%s$", [escaped]), name)
}

# Translations.
warn contains {"rule": "internal-gettext", "msg": msg, "pointer": "/entry_module"} if {
	some hit in data.facts.internal_gettext
	msg := sprintf("%s:%d: %s is internal; use tgettext of Tribes.Plugin.Gettext or a backend of the plugin", [hit.path, hit.line, hit.word])
}

deny contains {"rule": "gettext-catalogs", "msg": msg, "pointer": "/otp_app"} if {
	data.facts.catalogs == false
	some module in modules
	some used in as_list(object.get(module, "use", []))
	is_backend(used)
	msg := sprintf("%s:%d: the Gettext backend %s needs catalogs in priv/gettext/", [module.path, used.line, module.name])
}

is_backend(used) if used.module == "Gettext.Backend"

is_backend(used) if {
	used.module == "Gettext"
	is_string(used.options.otp_app)
}

# Resources.
resources := [module | some module in modules; some used in as_list(object.get(module, "use", [])); used.module == "Ash.Resource"]

is_synced(module) if "AshNostrSync" in as_list(object.get(module, "extensions", []))

is_unclear(module) if is_string(object.get(module, "problem", null))

warn contains {"rule": "one-uuid-key", "msg": msg, "pointer": "/entry_module"} if {
	some module in resources
	is_synced(module)
	not is_unclear(module)
	keys := as_list(object.get(module, "uuid_keys", []))
	count(keys) != 1
	msg := sprintf("%s:%d: the synced resource %s needs exactly one UUID primary key, found %d", [module.path, module.line, module.name, count(keys)])
}

warn contains {"rule": "mutation-publishes", "msg": msg, "pointer": "/entry_module"} if {
	some module in resources
	is_unclear(module)
	msg := sprintf("%s:%d: the resource %s %s", [module.path, module.line, module.name, module.problem])
}

warn contains {"rule": "mutation-publishes", "msg": msg, "pointer": "/entry_module"} if {
	some module in resources
	is_synced(module)
	not is_unclear(module)
	some action in as_list(object.get(module, "actions", []))
	action.kind in ["create", "update", "destroy"]
	not is_private(action.name)
	not publishes(action)
	msg := sprintf("%s:%d: the action %s changes synced data without change AshNostrSync.PublishChange", [module.path, action.line, action.name])
}

warn contains {"rule": "mutation-publishes", "msg": msg, "pointer": "/entry_module"} if {
	some module in resources
	is_synced(module)
	not is_unclear(module)
	some action in as_list(object.get(module, "actions", []))
	is_private(action.name)
	publishes(action)
	msg := sprintf("%s:%d: the private action %s publishes its change", [module.path, action.line, action.name])
}

is_private(name) if {
	some pattern in data.settings.private_actions
	matches(pattern, name)
}

publishes(action) if "AshNostrSync.PublishChange" in as_list(action.changes)

local_resources := [module | some module in resources; not is_synced(module); not is_unclear(module)]

warn contains {"rule": "local-only-documented", "msg": msg, "pointer": ""} if {
	count(data.facts.documented) == 0
	some module in local_resources
	msg := sprintf("%s:%d: the resource %s is local-only; describe it, its retention and its side effects in the documentation", [module.path, module.line, module.name])
}

# Projections and the events that they are rebuilt from.
last_names := {word | some module in modules; word := last_name(module.name)}

last_name(name) := parts[count(parts) - 1] if parts := split(name, ".")

deny contains {"rule": "projection-events", "msg": msg, "pointer": "/entry_module"} if {
	some pair in data.settings.projections
	[projection, event] := split(pair, "=")
	projection in last_names
	not event in last_names
	msg := sprintf("the projection %s is rebuilt from %s, but no module in lib/ has that name", [projection, event])
}

deny contains {"rule": "projection-events", "msg": msg, "pointer": "/entry_module"} if {
	some pair in data.settings.projections
	[projection, event] := split(pair, "=")
	projection in last_names
	some module in local_resources
	last_name(module.name) == event
	msg := sprintf("%s:%d: the events %s of the projection %s are local-only, so other hosts cannot rebuild it", [module.path, module.line, module.name, projection])
}

warn contains {"rule": "projection-events", "msg": msg, "pointer": "/entry_module"} if {
	declared := {split(pair, "=")[0] | some pair in data.settings.projections}
	some module in resources
	name := last_name(module.name)
	endswith(name, "Projection")
	not name in declared
	count({word | some word in last_names; endswith(word, "Event")}) == 0
	msg := sprintf("%s:%d: the projection %s has no events to be rebuilt from", [module.path, module.line, module.name])
}
