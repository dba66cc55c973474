package main

import rego.v1

sound := {
	"license": "MIT OR Apache-2.0",
	"description": "Says which key it would be.",
	"operations": [{"name": "suggest", "timeout_ms": 1000}],
	"capabilities": {},
}

messages(spec) := {one.msg | some one in deny with input as spec}

test_a_sound_spec_passes if count(messages(sound)) == 0

test_another_licence_is_denied if {
	"our plugins are licensed under MIT OR Apache-2.0" in messages(object.union(sound, {"license": "GPL-3.0"}))
}

test_no_licence_is_denied if count(messages(object.remove(sound, ["license"]))) == 1

test_a_word_is_no_description if count(messages(object.union(sound, {"description": "Keys"}))) == 1

test_an_operation_without_a_timeout_is_denied if {
	count(messages(object.union(sound, {"operations": [{"name": "suggest"}]}))) == 1
}

test_the_network_is_denied if count(messages(object.union(sound, {"capabilities": {"http": {}}}))) == 1
