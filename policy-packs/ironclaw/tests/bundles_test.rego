package bundles

import rego.v1

manifests := [
	{"path": "registry/tools/pager.json", "value": {"name": "pager", "kind": "tool"}},
	{"path": "registry/tools/old_name.json", "value": {"name": "new-name", "kind": "tool"}},
]

of(extensions) := {"bundles": {"a/b": {"display_name": "B", "extensions": extensions}}}

pointers(document) := {result.pointer | some result in found} if {
	found := warn with input as document with data.facts as {"manifests": manifests}
}

test_extensions_exist if count(pointers(of(["tools/pager", "tools/new-name", "tools/old_name"]))) == 0

test_extensions_that_do_not_exist if pointers(of(["tools/pager", "channels/pager", "tools/page"])) == {"/bundles/a~1b/extensions/1", "/bundles/a~1b/extensions/2"}

test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, true, "x"] {
		count(pointers({"bundles": wrong})) == 0
		count(pointers({"bundles": {"a": wrong}})) == 0
		count(pointers(of(wrong))) == 0
		count(pointers(of([wrong]))) == 0
	}
}
