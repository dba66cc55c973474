package main

import rego.v1

wasm := {
	"name": "acme/weather",
	"version": "1.0.0",
	"runtime": "wasm",
	"wasm": {
		"module": "./weather.wasm",
		"permissions": {"memory": {"max": "64MB"}, "execution": {"timeout": "30s"}},
		"pool": {"max_instances": 2, "wait_timeout": "1m30s"},
	},
}

grpc := {"name": "weather", "version": "1.0.0", "runtime": "grpc", "grpc": {"binary": "./server"}}

facts := {"dirname": "weather", "siblings_named": [], "binary": "file", "module": "file"}

results(manifest, found) := denied | warned if {
	denied := deny with input as manifest with data.facts as found
	warned := warn with input as manifest with data.facts as found
}

single(manifest, found, rule, pointer) if {
	reported := results(manifest, found)
	{[result.rule, result.pointer] | some result in reported} == {[rule, pointer]}
	count(reported) == 1
}

with_memory(size) := object.union(wasm, {"wasm": {"permissions": {"memory": {"max": size}}}})

with_timeout(text) := object.union(wasm, {"wasm": {"permissions": {"execution": {"timeout": text}}}})

test_valid_manifests_pass if {
	count(results(wasm, facts)) == 0
	count(results(grpc, facts)) == 0
}

test_a_name_of_another_directory if {
	single(grpc, object.union(facts, {"dirname": "climate"}), "name-directory", "/name")
	single(wasm, object.union(facts, {"dirname": "acme"}), "name-directory", "/name")
}

test_two_plugins_with_one_name if {
	single(grpc, object.union(facts, {"siblings_named": ["other/plugin.yaml"]}), "name-unique", "/name")
}

test_no_version if single(object.remove(grpc, ["version"]), facts, "version-missing", "/version")

test_two_runtimes if {
	single(object.union(wasm, {"grpc": {"binary": "./server"}}), facts, "one-runtime", "/grpc")
	single(object.union(grpc, {"wasm": {"module": "./weather.wasm"}}), facts, "one-runtime", "/wasm")
}

test_entries_outside_the_directory if {
	single(grpc, object.union(facts, {"binary": "outside"}), "entry-inside", "/grpc/binary")
	single(wasm, object.union(facts, {"module": "outside"}), "entry-inside", "/wasm/module")
}

test_an_entry_that_is_a_directory if {
	single(grpc, object.union(facts, {"binary": "directory"}), "entry-inside", "/grpc/binary")
}

test_entries_that_are_missing if {
	single(grpc, object.union(facts, {"binary": "missing"}), "entry-missing", "/grpc/binary")
	single(wasm, object.union(facts, {"module": "missing"}), "entry-missing", "/wasm/module")
}

test_sizes_that_do_not_fit if {
	every size in ["0", "0MB", "4GB", "4294967296", "4096MB", "4194304KB", "99999999999999999999GB"] {
		single(with_memory(size), facts, "memory-size", "/wasm/permissions/memory/max")
	}
}

test_sizes_that_fit if {
	every size in ["1", "1B", "64MB", "3GB", "4294967295", "4294967295B", "4095MB", "007KB"] {
		count(results(with_memory(size), facts)) == 0
	}
}

test_durations_that_do_not_fit if {
	every text in ["0", "0s", "0h0m", "3000000h", "99999999999999999999s"] {
		single(with_timeout(text), facts, "duration-range", "/wasm/permissions/execution/timeout")
	}
}

test_durations_that_fit if {
	every text in ["30s", "1.5h", ".5s", "1.s", "250ms", "1m30s", "+5s", "2562047h", "100µs"] {
		count(results(with_timeout(text), facts)) == 0
	}
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	nothing := object.union(facts, {"binary": null, "module": null})
	every wrong in [null, 1, true, [], {}, "none"] {
		every field in ["runtime", "wasm", "description"] {
			count(results(object.union(wasm, {field: wrong}), nothing)) == 0
		}
		count(results(object.union(wasm, {"wasm": {"permissions": wrong}}), facts)) == 0
		count(results(object.union(wasm, {"wasm": {"pool": wrong}}), facts)) == 0
	}
	every wrong in [null, 1, true, [], {}] {
		count(results(object.union(wasm, {"name": wrong}), facts)) == 0
		count(results(with_memory(wrong), facts)) == 0
		count(results(with_timeout(wrong), facts)) == 0
	}
}
