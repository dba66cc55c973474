# What a Tribes manifest requires of mix.exs and of other manifests.
package main

import rego.v1

# The contract of 2026-05-09 has `name`, where the later one has `id` and `slug`.
earlier_contract if {
	is_string(input.name)
	not "id" in object.keys(input)
	not "slug" in object.keys(input)
}

names(field) := [{"at": at, "name": name} | some at, name in as_list(object.get(input, field, []))]

as_list(value) := value if is_array(value)

as_list(value) := [] if not is_array(value)

deny contains {"rule": "id-unique", "msg": msg, "pointer": "/id"} if {
	count(data.facts.same_id) > 0
	msg := sprintf("the id %s is also in %s", [input.id, concat(", ", data.facts.same_id)])
}

deny contains {"rule": "slug-unique", "msg": msg, "pointer": "/slug"} if {
	count(data.facts.same_slug) > 0
	msg := sprintf("the slug %s is also in %s", [input.slug, concat(", ", data.facts.same_slug)])
}

# The slug begins with the vendor, as the application name does.
vendor_prefix := data.settings.vendor if data.settings.vendor != ""

vendor_prefix := sprintf("%s-", [concat("-", words)]) if {
	data.settings.vendor == ""
	parts := split(input.otp_app, "_")
	count(parts) > 1
	words := array.slice(parts, 0, count(parts) - 1)
}

warn contains {"rule": "slug-prefix", "msg": msg, "pointer": "/slug"} if {
	not earlier_contract
	regex.match(`^[a-z0-9]+([_-]+[a-z0-9]+)*$`, to_text(input.slug))
	regex.match(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`, to_text(input.otp_app))
	not startswith(input.slug, vendor_prefix)
	msg := sprintf("the slug %s does not begin with the vendor part of otp_app, %s", [input.slug, vendor_prefix])
}

to_text(value) := value if is_string(value)

deny contains {"rule": "otp-app", "msg": msg, "pointer": sprintf("/%s", [field])} if {
	some field in app_fields
	is_app(input[field])
	is_string(data.facts.mix_app.app)
	input[field] != data.facts.mix_app.app
	msg := sprintf("%s is %s, but mix.exs has app: :%s", [field, input[field], data.facts.mix_app.app])
}

# Whether a value has the form of an application name; if not, the schema reports it.
is_app(value) if {
	is_string(value)
	regex.match(app_pattern, value)
}

app_pattern := `^[a-z][a-z0-9_]*$` if earlier_contract

app_pattern := `^[a-z][a-z0-9]*(_[a-z0-9]+)+$` if not earlier_contract

app_fields contains "otp_app"

app_fields contains "name" if earlier_contract

deny contains {"rule": "otp-app", "msg": msg, "pointer": "/otp_app"} if {
	is_string(data.facts.mix_app.problem)
	msg := sprintf("the application name in mix.exs %s; write it as a literal, app: :name", [data.facts.mix_app.problem])
}

# The same capability in two lists; the later list is reported.
lists := ["provides", "requires", "enhances_with"]

deny contains {"rule": "capability-once", "msg": msg, "pointer": sprintf("/%s/%d", [second, entry.at])} if {
	some i, first in lists
	some j, second in lists
	i < j
	known := {other.name | some other in names(first)}
	some entry in names(second)
	is_string(entry.name)
	entry.name in known
	msg := sprintf("capability %s is in %s and in %s", [entry.name, first, second])
}

# What host_api contains needs no capability of its own.
deny contains {"rule": "host-api-covers", "msg": msg, "pointer": sprintf("/%s/%d", [field, entry.at])} if {
	some field in ["requires", "enhances_with"]
	some entry in names(field)
	is_string(entry.name)
	parts := split(split(entry.name, "@")[0], ".")
	parts[count(parts) - 1] in data.settings.host_api_covers
	msg := sprintf("capability %s is part of host_api; remove it", [entry.name])
}

deny contains {"rule": "requires-resolvable", "msg": msg, "pointer": sprintf("/requires/%d", [entry.at])} if {
	some entry in names("requires")
	is_string(entry.name)
	regex.match(`^[a-z][a-z0-9_.-]*@[0-9]+$`, entry.name)
	not entry.name in data.settings.host_capabilities
	not entry.name in provided
	parts := split(split(entry.name, "@")[0], ".")
	not parts[count(parts) - 1] in data.settings.host_api_covers
	not entry.name in {own.name | some own in names("provides")}
	msg := sprintf("capability %s is neither provided by a plugin of this repository nor by the host", [entry.name])
}

provided contains name if {
	some manifest in data.facts.provided
	is_array(manifest.value)
	some name in manifest.value
}

# Dependencies of the Mix project.
deps := as_list(data.facts.mix_deps.deps)

warn contains {"rule": "mix-deps", "msg": msg, "pointer": "/otp_app"} if {
	is_string(data.facts.mix_deps.problem)
	msg := sprintf("the dependencies in mix.exs %s, so they are not checked", [data.facts.mix_deps.problem])
}

deny contains {"rule": "api-dependency", "msg": msg, "pointer": "/host_api"} if {
	is_null(data.facts.mix_deps.problem)
	not has_api
	msg := "mix.exs needs the dependency :tribes_plugin_api in every environment"
}

has_api if {
	some dep in deps
	dep.name == "tribes_plugin_api"
	in_production(dep)
}

in_production(dep) if is_null(dep.only)

in_production(dep) if "prod" in as_list(dep.only)

host_deps := [dep | some dep in deps; dep.name == "tribes"]

deny contains {"rule": "tribes-dependency", "msg": msg, "pointer": "/otp_app"} if {
	some dep in host_deps
	in_production(dep)
	msg := sprintf("mix.exs:%d: :tribes must not be a dependency in production; limit it with only: [:dev, :test]", [dep.line])
}

deny contains {"rule": "tribes-dependency", "msg": msg, "pointer": "/otp_app"} if {
	some dep in host_deps
	not in_production(dep)
	"dev" in as_list(dep.only)
	not dep.runtime in [false, "test"]
	msg := sprintf("mix.exs:%d: in :dev, :tribes must be compile-only: runtime: false", [dep.line])
}

deny contains {"rule": "tribes-dependency", "msg": msg, "pointer": "/otp_app"} if {
	some dep in host_deps
	not in_production(dep)
	"test" in as_list(dep.only)
	dep.runtime == false
	msg := sprintf("mix.exs:%d: in :test, :tribes must be started: runtime: Mix.env() == :test", [dep.line])
}
