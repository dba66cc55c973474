package main

import rego.v1

plain_module(name) := object.union(module_entry(name, ""), {"use": [], "path": "lib/part.ex", "line": 3})

a_resource(name, fields) := object.union(plain_module(name), object.union({"use": [{"module": "Ash.Resource", "line": 4, "options": {}}]}, fields))

plugin := module_entry("Acme.Weather.Plugin", "acme_weather")

with_modules(list) := with_facts({"modules": array.concat([plugin], list), "documented": [{"word": "local-only", "path": "README.md", "line": 1}]})

an_action(name, kind, changes) := {"name": name, "kind": kind, "line": 9, "changes": changes}

publish := "AshNostrSync.PublishChange"

synced(actions) := a_resource("Acme.Weather.Station", {"extensions": ["AshNostrSync"], "uuid_keys": ["id"], "actions": actions})

test_migrations_and_the_directory_agree if {
	files := with_facts({"migrations": ["priv/repo/migrations/20260101000000_stations.exs"]})
	single(valid, files, "migrations", "/migrations")
	single(object.remove(valid, ["migrations"]), files, "migrations", "/migrations")
	single(changed({"migrations": true}), facts, "migrations", "/migrations")
	single(changed({"migrations": true}), with_facts({"migrations": ["priv/repo/migrations/.formatter.exs"]}), "migrations", "/migrations")
	count(results(changed({"migrations": true}), files)) == 0
	count(results(object.remove(valid, ["migrations"]), facts)) == 0
}

test_children_are_declared if {
	found := with_facts({"supervisors": [{"word": "use Supervisor", "path": "lib/tree.ex", "line": 2}]})
	single(valid, found, "children", "/children")
	count(results(changed({"children": true}), found)) == 0
}

test_the_entry_module_exists if {
	single(changed({"entry_module": "Acme.Weather.Other.Plugin"}), with_facts({"modules": []}), "entry-module", "/entry_module")
}

test_the_entry_module_names_the_application if {
	single(valid, with_facts({"modules": [module_entry("Acme.Weather.Plugin", "acme_climate")]}), "entry-otp-app", "/otp_app")
	hidden := object.union(plugin, {"use": [{"module": "Tribes.Plugin.Base", "line": 2, "options": {}}]})
	single(valid, with_facts({"modules": [hidden]}), "entry-otp-app", "/otp_app")
	unread := object.union(plugin, {"use": [{"module": "Tribes.Plugin.Base", "line": 2, "options": {"otp_app": null}}]})
	single(valid, with_facts({"modules": [unread]}), "entry-otp-app", "/otp_app")
}

test_the_ui_is_required if {
	found := with_facts({"ui": [{"word": "use Tribes.UI", "path": "lib/page.ex", "line": 5}]})
	single(changed({"requires": []}), found, "ui-required", "/requires")
	single(object.remove(valid, ["requires"]), found, "ui-required", "/requires")
	count(results(valid, found)) == 0
	count(results(changed({"requires": []}), facts)) == 0
}

test_modules_are_in_the_namespace_of_the_plugin if {
	single(valid, with_modules([plain_module("AcmeWeatherWeb.Page")]), "own-namespace", "/entry_module")
	single(valid, with_modules([plain_module("Acme.WeatherStation")]), "own-namespace", "/entry_module")
	count(results(valid, with_modules([plain_module("Acme.Weather"), plain_module("Acme.Weather.Station")]))) == 0
}

test_only_public_modules_are_used if {
	internal := object.union(plain_module("Acme.Weather.Page"), {"references": [{"module": "Tribes.Accounts.User", "line": 8}]})
	single(valid, with_modules([internal]), "internal-module", "/entry_module")
	public := object.union(plain_module("Acme.Weather.Page"), {"references": [{"module": "Tribes.Plugin.Services.Logs", "line": 8}], "import": [{"module": "Tribes.UI.Components", "line": 2}]})
	count(results(valid, with_modules([public]))) == 0
}

test_translations_are_the_plugins_own if {
	found := with_facts({"internal_gettext": [{"word": "TribesWeb.Gettext", "path": "lib/page.ex", "line": 7}]})
	single(valid, found, "internal-gettext", "/entry_module")
}

test_a_gettext_backend_has_catalogs if {
	backend := object.union(plain_module("Acme.Weather.Gettext"), {"use": [{"module": "Gettext.Backend", "line": 2, "options": {"otp_app": "acme_weather"}}]})
	single(valid, with_modules([backend]), "gettext-catalogs", "/otp_app")
	count(results(valid, object.union(with_modules([backend]), {"catalogs": true}))) == 0
	import_only := object.union(plain_module("Acme.Weather.Page"), {"import": [{"module": "Tribes.Plugin.Gettext", "line": 2}]})
	count(results(valid, with_modules([import_only]))) == 0
}

test_a_synced_resource_has_one_uuid_key if {
	fields := {"extensions": ["AshNostrSync"], "uuid_keys": []}
	single(valid, with_modules([a_resource("Acme.Weather.Station", fields)]), "one-uuid-key", "/entry_module")
	two := object.union(fields, {"uuid_keys": ["id", "other"]})
	single(valid, with_modules([a_resource("Acme.Weather.Station", two)]), "one-uuid-key", "/entry_module")
	count(results(valid, with_modules([synced([])]))) == 0
}

test_public_mutations_publish if {
	every kind in ["create", "update", "destroy"] {
		single(valid, with_modules([synced([an_action("add", kind, [])])]), "mutation-publishes", "/entry_module")
		count(results(valid, with_modules([synced([an_action("add", kind, [publish])])]))) == 0
	}
	count(results(valid, with_modules([synced([an_action("list", "read", [])])]))) == 0
}

test_private_mutations_do_not_publish if {
	every name in ["private_add", "add_private", "local_add"] {
		single(valid, with_modules([synced([an_action(name, "create", [publish])])]), "mutation-publishes", "/entry_module")
		count(results(valid, with_modules([synced([an_action(name, "create", [])])]))) == 0
	}
}

test_a_macro_that_hides_the_answer_is_reported if {
	hidden := a_resource("Acme.Weather.Station", {"problem": "cannot be read statically"})
	single(valid, with_modules([hidden]), "mutation-publishes", "/entry_module")
}

test_local_resources_are_documented if {
	found := object.union(with_modules([a_resource("Acme.Weather.Cache", {})]), {"documented": []})
	single(valid, found, "local-only-documented", "")
	count(results(valid, with_modules([a_resource("Acme.Weather.Cache", {})]))) == 0
}

test_a_projection_has_its_events if {
	projection := a_resource("Acme.Weather.StationProjection", {})
	single(valid, with_modules([projection]), "projection-events", "/entry_module")
	event := a_resource("Acme.Weather.StationEvent", {"extensions": ["AshNostrSync"], "uuid_keys": ["id"]})
	count(results(valid, with_modules([projection, event]))) == 0
}

test_a_named_projection_has_its_events if {
	set := object.union(settings, {"projections": ["StationView=StationEvent"]})
	view := a_resource("Acme.Weather.StationView", {})
	found := results_of(valid, with_modules([view]), set)
	{[result.rule, result.pointer] | some result in found} == {["projection-events", "/entry_module"]}
	event := a_resource("Acme.Weather.StationEvent", {"extensions": ["AshNostrSync"], "uuid_keys": ["id"]})
	count(results_of(valid, with_modules([view, event]), set)) == 0
	stays := a_resource("Acme.Weather.StationEvent", {})
	count(results_of(valid, with_modules([view, stays]), set)) == 1
}
