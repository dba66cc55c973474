# What a spec of ours says beyond what its schema asks.
package main

import rego.v1

licence := "MIT OR Apache-2.0"

deny contains {"msg": msg, "pointer": "/license"} if {
	object.get(input, "license", "") != licence
	msg := sprintf("our plugins are licensed under %s", [licence])
}

deny contains {"msg": "a plugin says in a sentence what it is for", "pointer": "/description"} if {
	count(split(input.description, " ")) < 4
}

deny contains {"msg": msg, "pointer": sprintf("/operations/%d", [at])} if {
	some at, operation in input.operations
	not operation.timeout_ms
	msg := sprintf("the operation %s says how long it may take: timeout_ms", [operation.name])
}

# Nothing of ours needs the network.
deny contains {"msg": "our plugins work without the network", "pointer": "/capabilities/http"} if input.capabilities.http
