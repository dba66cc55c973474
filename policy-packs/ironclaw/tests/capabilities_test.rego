package capabilities

import rego.v1

http := {"allowlist": [{"host": "pager.example.org"}], "credentials": {"token": {"secret_name": "pager_token", "location": {"type": "bearer"}}}}

pairs(document) := {[result.rule, result.pointer] | some result in found} if {
	found := warn with input as document with data.facts as {"path": "pager.capabilities.json"}
}

test_either_place_passes if {
	count(pairs({"http": http})) == 0
	count(pairs({"capabilities": {"http": http}})) == 0
	count(pairs({"http": http, "capabilities": {"secrets": {"allowed_names": ["pager_*"]}}})) == 0
}

test_both_places if {
	pairs({"http": http, "capabilities": {"http": http}}) == {["one-place", "/capabilities/http"]}
	pairs({"secrets": {}, "capabilities": {"secrets": {}}}) == {["one-place", "/capabilities/secrets"]}
}

test_credentials_without_hosts if {
	bare := object.remove(http, ["allowlist"])
	pairs({"http": bare}) == {["http-without-allowlist", "/http/allowlist"]}
	pairs({"capabilities": {"http": bare}}) == {["http-without-allowlist", "/capabilities/http/allowlist"]}
}

test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, true, [], "x"] {
		count(pairs({"http": wrong, "capabilities": wrong})) == 0
		count(pairs({"http": {"credentials": wrong}})) == 0
	}
}
