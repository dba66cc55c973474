# What a manifest of a Dispatch plugin requires beyond its schema.
package main

import rego.v1

reserved := {"native", "docker", "wasm"}

file_name := parts[count(parts) - 1] if parts := split(data.facts.path, "/")

deny contains {"rule": "name-unique", "msg": msg, "pointer": "/name"} if {
	count(data.facts.siblings_named) > 0
	msg := sprintf("the name %s is also in %s", [input.name, concat(", ", data.facts.siblings_named)])
}

deny contains {"rule": "name-reserved", "msg": msg, "pointer": "/name"} if {
	input.name in reserved
	msg := sprintf("the name %s belongs to a backend that is part of Dispatch", [input.name])
}

# The program looks for one kind of plugin under each file name.
deny contains {"rule": "kind-file", "msg": msg, "pointer": "/kind"} if {
	kind := trim_suffix(file_name, "-plugin.json")
	is_string(input.kind)
	input.kind in {"channel", "courier", "connector", "provider", "database", "deployment"}
	input.kind != kind
	msg := sprintf("kind is %s, but %s describes a %s", [input.kind, file_name, kind])
}

deny contains {"rule": "one-entry", "msg": msg, "pointer": "/exec"} if {
	is_object(input.entrypoint)
	is_object(input.exec)
	msg := "entrypoint and exec are two names of one field; keep one"
}

deny contains {"rule": "one-protocol", "msg": msg, "pointer": "/transport"} if {
	input.protocol == "jsonl"
	input.transport == "jsonl"
	msg := "protocol and transport are two names of one field; keep one"
}

deny contains {"rule": "command-path", "msg": msg, "pointer": sprintf("/%s/command", [field])} if {
	some field in ["entrypoint", "exec"]
	command := input[field].command
	is_string(command)
	regex.match(`[^\s]`, command)
	not is_path(command)
	msg := sprintf("%s is neither an absolute path nor a path with a directory, such as ./bin/%s", [command, command])
}

is_path(command) if startswith(command, "/")

is_path(command) if regex.match(`^[A-Za-z]:[\\/]`, command)

# `./tool` has two components, `tool` has one.
is_path(command) if count([part | some part in split(command, "/"); part != ""]) >= 2

warn contains {"rule": "network-wildcard", "msg": msg, "pointer": sprintf("/requirements/network_domains/%d", [at])} if {
	is_array(input.requirements.network_domains)
	some at, domain in input.requirements.network_domains
	domain == "*"
	msg := "`*` lets the plugin call every domain; list the domains"
}

warn contains {"rule": "legacy-plugin", "msg": msg, "pointer": "/capabilities"} if {
	data.settings.legacy_plugins != "allow"
	is_object(input)
	not "capabilities" in object.keys(input)
	msg := "without capabilities, nothing limits what the plugin may do"
}
