package main

import rego.v1

settings := {
	"vendor": "",
	"ui_capabilities": ["org.tribe-one.caps.ui@1", "ui@1"],
	"host_capabilities": ["org.tribe-one.caps.ui@1", "ui@1"],
	"host_api_covers": ["phoenix", "ash", "pubsub", "data", "cluster-events"],
	"public_modules": ["Tribes.Plugin.Base", "Tribes.Plugin.Layouts", "Tribes.Plugin.Gettext", "Tribes.Plugin.Services.*", "Tribes.UI", "Tribes.UI.Components"],
	"private_actions": ["private_*", "*_private", "local_*"],
	"projections": [],
}

valid := {
	"id": "org.example.plugins.weather",
	"slug": "acme-weather",
	"otp_app": "acme_weather",
	"entry_module": "Acme.Weather.Plugin",
	"host_api": "1",
	"version": "0.2.0",
	"provides": ["org.example.caps.weather@1"],
	"requires": ["org.tribe-one.caps.ui@1"],
	"enhances_with": ["org.example.caps.maps@1"],
	"migrations": false,
	"children": false,
}

# The manifest of the contract of 2026-05-09.
earlier := {
	"name": "weather",
	"otp_app": "weather",
	"entry_module": "Tribes.Plugins.Weather.Plugin",
	"host_api": 1,
	"requires": ["ui@1"],
}

module_entry(name, app) := {
	"name": name,
	"path": "lib/plugin.ex",
	"line": 1,
	"use": [{"module": "Tribes.Plugin.Base", "line": 2, "options": {"otp_app": app}}],
	"import": [],
	"references": [],
	"extensions": [],
	"uuid_keys": [],
	"actions": [],
	"problem": null,
}

api := {"name": "tribes_plugin_api", "line": 20, "only": null, "runtime": null}

facts := {
	"same_id": [],
	"same_slug": [],
	"mix_app": {"app": "acme_weather", "line": 6, "problem": null},
	"mix_deps": {"deps": [api], "problem": null},
	"modules": [module_entry("Acme.Weather.Plugin", "acme_weather")],
	"migrations": [],
	"catalogs": false,
	"ui": [],
	"supervisors": [],
	"internal_gettext": [],
	"documented": [],
	"provided": [{"path": "plugins/weather/manifest.json", "value": ["org.example.caps.weather@1"]}],
}

results_of(document, found, set) := denied | warned if {
	denied := deny with input as document with data.facts as found with data.settings as set
	warned := warn with input as document with data.facts as found with data.settings as set
}

results(document, found) := results_of(document, found, settings)

single(document, found, rule, pointer) if {
	reported := results(document, found)
	{[result.rule, result.pointer] | some result in reported} == {[rule, pointer]}
	count(reported) == 1
}

changed(fields) := object.union(valid, fields)

with_facts(fields) := object.union(facts, fields)

test_valid_manifests_pass if {
	count(results(valid, facts)) == 0
	old := with_facts({"mix_app": {"app": "weather", "line": 6, "problem": null}, "modules": [module_entry("Tribes.Plugins.Weather.Plugin", "weather")]})
	count(results(earlier, old)) == 0
}

test_an_id_that_exists if single(valid, with_facts({"same_id": ["other/manifest.json"]}), "id-unique", "/id")

test_a_slug_that_exists if single(valid, with_facts({"same_slug": ["other/manifest.json"]}), "slug-unique", "/slug")

test_a_slug_of_another_vendor if {
	single(changed({"slug": "weather"}), facts, "slug-prefix", "/slug")
	set := object.union(settings, {"vendor": "wx-"})
	count(results_of(changed({"slug": "wx-weather"}), facts, set)) == 0
	count(results_of(valid, facts, set)) == 1
}

test_another_application if {
	single(valid, with_facts({"mix_app": {"app": "acme_climate", "line": 6, "problem": null}}), "otp-app", "/otp_app")
}

test_an_application_that_cannot_be_read if {
	single(valid, with_facts({"mix_app": {"app": null, "line": 6, "problem": "cannot be read statically"}}), "otp-app", "/otp_app")
}

test_name_and_application_of_the_earlier_contract if {
	old := with_facts({"mix_app": {"app": "climate", "line": 6, "problem": null}, "modules": [module_entry("Tribes.Plugins.Weather.Plugin", "weather")]})
	{[result.rule, result.pointer] | some result in results(earlier, old)} == {["otp-app", "/otp_app"], ["otp-app", "/name"]}
}

test_a_capability_in_two_lists if {
	single(changed({"enhances_with": ["org.tribe-one.caps.ui@1"]}), facts, "capability-once", "/enhances_with/0")
	single(changed({"requires": ["org.example.caps.weather@1", "org.tribe-one.caps.ui@1"]}), facts, "capability-once", "/requires/0")
}

test_a_capability_that_host_api_contains if {
	single(changed({"requires": ["org.tribe-one.caps.ash@1"]}), facts, "host-api-covers", "/requires/0")
	single(changed({"enhances_with": ["org.tribe-one.caps.pubsub@2"]}), facts, "host-api-covers", "/enhances_with/0")
}

test_a_capability_without_provider if {
	single(changed({"requires": ["org.tribe-one.caps.ui@1", "org.example.caps.clouds@1"]}), facts, "requires-resolvable", "/requires/1")
	found := with_facts({"provided": [{"path": "other/manifest.json", "value": ["org.example.caps.clouds@1"]}]})
	count(results(changed({"requires": ["org.example.caps.clouds@1"]}), found)) == 0
}

test_the_api_is_a_dependency_everywhere if {
	single(valid, with_facts({"mix_deps": {"deps": [], "problem": null}}), "api-dependency", "/host_api")
	only_dev := object.union(api, {"only": ["dev", "test"]})
	single(valid, with_facts({"mix_deps": {"deps": [only_dev], "problem": null}}), "api-dependency", "/host_api")
	in_prod := object.union(api, {"only": ["prod", "dev", "test"]})
	count(results(valid, with_facts({"mix_deps": {"deps": [in_prod], "problem": null}}))) == 0
}

test_dependencies_that_cannot_be_read if {
	single(valid, with_facts({"mix_deps": {"deps": [], "problem": "cannot be read statically"}}), "mix-deps", "/otp_app")
}

tribes(only, runtime) := with_facts({"mix_deps": {"deps": [api, {"name": "tribes", "line": 21, "only": only, "runtime": runtime}], "problem": null}})

test_the_host_is_no_dependency_in_production if {
	single(valid, tribes(null, null), "tribes-dependency", "/otp_app")
	single(valid, tribes(["prod"], false), "tribes-dependency", "/otp_app")
}

test_the_host_is_compiled_only_in_dev if {
	single(valid, tribes(["dev"], null), "tribes-dependency", "/otp_app")
	single(valid, tribes(["dev"], true), "tribes-dependency", "/otp_app")
	count(results(valid, tribes(["dev"], false))) == 0
	count(results(valid, tribes(["dev", "test"], "test"))) == 0
}

test_the_host_is_started_in_test if {
	single(valid, tribes(["test"], false), "tribes-dependency", "/otp_app")
	count(results(valid, tribes(["test"], null))) == 0
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, "none", [], {}] {
		every field in ["provides", "enhances_with", "migrations", "children", "description"] {
			count(results(changed({field: wrong}), facts)) == 0
		}
	}
	every wrong in [null, 1, true, [], {}] {
		every field in ["id", "slug", "otp_app", "entry_module", "host_api"] {
			count(results(changed({field: wrong}), facts)) == 0
		}
	}
	every wrong in [null, 1, "none", {}, ["Not a capability", 3]] {
		count(results(changed({"requires": wrong}), facts)) == 0
	}
}
