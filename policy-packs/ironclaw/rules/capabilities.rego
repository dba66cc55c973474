# What an ironclaw capability file requires beyond its schema.
package capabilities

import rego.v1

# Permissions in `capabilities` and at the top level: the program reads only one of them.
warn contains {"rule": "one-place", "msg": msg, "pointer": sprintf("/capabilities/%s", [field])} if {
	some field in ["http", "secrets", "tool_invoke", "workspace", "webhook"]
	is_object(input[field])
	is_object(input.capabilities[field])
	msg := sprintf("%s is at the top level as well, and the program reads that one only", [field])
}

# The host adds credentials only to calls that the allowlist permits.
warn contains {"rule": "http-without-allowlist", "msg": msg, "pointer": sprintf("%s/allowlist", [pointer])} if {
	some pointer in ["/http", "/capabilities/http"]
	http := section(pointer)
	is_object(http)
	is_object(http.credentials)
	count(http.credentials) > 0
	not "allowlist" in object.keys(http)
	msg := "credentials have no effect without an allowlist: the plugin may call no host"
}

section("/http") := input.http

section("/capabilities/http") := input.capabilities.http
