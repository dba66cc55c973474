package main

import rego.v1

channel := {
	"kind": "channel",
	"name": "channel-pager",
	"version": "0.2.0",
	"protocol": "jsonl",
	"protocol_version": 1,
	"entrypoint": {"command": "./bin/pager", "args": []},
	"capabilities": {"http": {"allowlist": [{"host": "pager.example.org"}]}},
	"requirements": {"network_domains": ["pager.example.org"]},
}

courier := {
	"kind": "courier",
	"name": "fast-cloud",
	"version": "0.1.0",
	"transport": "jsonl",
	"protocol_version": 1,
	"exec": {"command": "/opt/fast", "args": []},
	"capabilities": {},
}

settings := {"paths": "catalog", "legacy_plugins": "warn"}

facts := {"path": "channels/pager/channel-plugin.json", "siblings_named": []}

courier_facts := {"path": "courier-plugin.json", "siblings_named": []}

results(document, found) := denied | warned if {
	denied := deny with input as document with data.facts as found with data.settings as settings
	warned := warn with input as document with data.facts as found with data.settings as settings
}

single(document, found, rule, pointer) if {
	reported := results(document, found)
	{[result.rule, result.pointer] | some result in reported} == {[rule, pointer]}
	count(reported) == 1
}

changed(fields) := object.union(channel, fields)

test_valid_manifests_pass if {
	count(results(channel, facts)) == 0
	count(results(courier, courier_facts)) == 0
}

test_a_name_that_exists if single(channel, object.union(facts, {"siblings_named": ["other/channel-plugin.json"]}), "name-unique", "/name")

test_reserved_names if {
	every name in ["native", "docker", "wasm"] {
		single(changed({"name": name}), facts, "name-reserved", "/name")
	}
}

test_kind_and_file_name if {
	single(changed({"kind": "courier"}), facts, "kind-file", "/kind")
	single(object.union(courier, {"kind": "channel"}), courier_facts, "kind-file", "/kind")
	count(results(object.remove(channel, ["kind"]), facts)) == 0
}

test_two_names_of_one_field if {
	single(changed({"exec": {"command": "./bin/pager"}}), facts, "one-entry", "/exec")
	single(changed({"transport": "jsonl"}), facts, "one-protocol", "/transport")
}

test_commands_without_a_directory if {
	every command in ["pager", "pager.exe", "pager/"] {
		single(changed({"entrypoint": {"command": command}}), facts, "command-path", "/entrypoint/command")
		single(object.union(courier, {"exec": {"command": command}}), courier_facts, "command-path", "/exec/command")
	}
}

test_commands_with_a_directory if {
	every command in ["./pager", "../../target/release/pager", "bin/pager", "/usr/bin/pager", `C:\tools\pager.exe`] {
		count(results(changed({"entrypoint": {"command": command}}), facts)) == 0
	}
}

test_every_domain if {
	single(changed({"requirements": {"network_domains": ["pager.example.org", "*"]}}), facts, "network-wildcard", "/requirements/network_domains/1")
}

test_a_manifest_without_capabilities if {
	single(object.remove(channel, ["capabilities"]), facts, "legacy-plugin", "/capabilities")
	allowed := warn with input as object.remove(channel, ["capabilities"]) with data.facts as facts with data.settings as {"legacy_plugins": "allow"}
	count(allowed) == 0
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, true, [], {}, ""] {
		every field in ["kind", "name", "protocol", "transport", "entrypoint", "requirements", "capabilities"] {
			count(results(changed({field: wrong}), facts)) == 0
		}
		count(results(changed({"entrypoint": {"command": wrong}}), facts)) == 0
		count(results(changed({"requirements": {"network_domains": wrong}}), facts)) == 0
	}
}
