# What flowbot's host does not check in a plugin.yaml.
package main

import rego.v1

# Memory is counted in 32 bits.
max_bytes := 4294967295

# A duration is counted in nanoseconds with 63 bits.
max_nanoseconds := 9223372036854775807

bytes_of := {"GB": 1073741824, "MB": 1048576, "KB": 1024, "B": 1, "": 1}

nanoseconds_of := {
	"ns": 1,
	"us": 1000,
	"µs": 1000,
	"μs": 1000,
	"ms": 1000000,
	"s": 1000000000,
	"m": 60000000000,
	"h": 3600000000000,
}

deny contains {"rule": "name-directory", "msg": msg, "pointer": "/name"} if {
	is_string(input.name)
	regex.match(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$`, input.name)
	parts := split(input.name, "/")
	name := parts[count(parts) - 1]
	name != data.facts.dirname
	msg := sprintf("the name %s does not match the directory %s", [input.name, data.facts.dirname])
}

deny contains {"rule": "name-unique", "msg": msg, "pointer": "/name"} if {
	count(data.facts.siblings_named) > 0
	msg := sprintf("the name %s is also in %s", [input.name, concat(", ", data.facts.siblings_named)])
}

warn contains {"rule": "version-missing", "msg": msg, "pointer": "/version"} if {
	is_object(input)
	not has_version
	msg := "the manifest has no version; without one, no version of the plugin can be recorded"
}

has_version if "version" in object.keys(input)

# One block for each runtime, and only that one.
deny contains {"rule": "one-runtime", "msg": msg, "pointer": sprintf("/%s", [other])} if {
	other := {"grpc": "wasm", "wasm": "grpc"}[input.runtime]
	is_object(input[other])
	is_object(input[input.runtime])
	msg := sprintf("runtime is %s, so the section %s is never used; remove it", [input.runtime, other])
}

deny contains {"rule": "entry-inside", "msg": msg, "pointer": pointer} if {
	some pointer in ["/grpc/binary", "/wasm/module"]
	entry_state(pointer) == "outside"
	msg := "the path leads out of the directory of the plugin"
}

deny contains {"rule": "entry-inside", "msg": msg, "pointer": pointer} if {
	some pointer in ["/grpc/binary", "/wasm/module"]
	entry_state(pointer) == "directory"
	msg := "the path is a directory; it must be a file"
}

warn contains {"rule": "entry-missing", "msg": msg, "pointer": pointer} if {
	some pointer in ["/grpc/binary", "/wasm/module"]
	entry_state(pointer) == "missing"
	msg := "the file is not in the repository; build it and add it, or make sure that the release contains it"
}

# The state of the entry of the runtime that is used; the other section is reported by one-runtime.
entry_state("/grpc/binary") := data.facts.binary if input.runtime == "grpc"

entry_state("/wasm/module") := data.facts.module if input.runtime == "wasm"

deny contains {"rule": "memory-size", "msg": msg, "pointer": "/wasm/permissions/memory/max"} if {
	text := input.wasm.permissions.memory.max
	is_string(text)
	regex.match(`^[0-9]+(GB|MB|KB|B)?$`, text)
	some match in regex.find_all_string_submatch_n(`^([0-9]+)(GB|MB|KB|B)?$`, text, 1)
	size := to_number(trim_zeros(match[1])) * bytes_of[unit(match)]
	not size_fits(size)
	msg := sprintf("the size must be from 1 byte to 4294967295 bytes, which is less than 4GB; found %s", [text])
}

size_fits(size) if {
	size >= 1
	size <= max_bytes
}

# The unit of a size; an empty group can be missing.
unit(match) := object.get({"u": match}, ["u", 2], "")

trim_zeros(digits) := shortened if {
	shortened := trim_left(digits, "0")
	shortened != ""
} else := "0"

durations := {
	"/wasm/permissions/execution/timeout": input.wasm.permissions.execution.timeout,
}

pool_durations := {"/wasm/pool/wait_timeout": input.wasm.pool.wait_timeout}

deny contains {"rule": "duration-range", "msg": msg, "pointer": pointer} if {
	some found in [durations, pool_durations]
	some pointer, text in found
	is_string(text)
	regex.match(`^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`, text)
	total := nanoseconds(text)
	not duration_fits(total)
	msg := sprintf("the duration must be longer than 0 and shorter than 292 years; found %s", [text])
}

duration_fits(total) if {
	total > 0
	total <= max_nanoseconds
}

nanoseconds(text) := sum([part |
	some match in regex.find_all_string_submatch_n(`([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)`, text, -1)
	part := decimal(match[1]) * nanoseconds_of[match[2]]
])

# A number as Go writes it, which can begin or end with the point.
decimal(text) := to_number(sprintf("%s.%s", [whole(text), fraction(text)]))

whole(text) := trim_zeros(split(text, ".")[0])

fraction(text) := digits if {
	digits := split(text, ".")[1]
	digits != ""
} else := "0"
