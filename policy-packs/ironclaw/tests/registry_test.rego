package registry

import rego.v1

digest := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

tool := {
	"name": "pager",
	"display_name": "Pager",
	"kind": "tool",
	"version": "0.2.0",
	"description": "Sends pages.",
	"artifacts": {"wasm32-wasip2": {"url": "https://d.example.org/v0.2.0/tool-pager-0.2.0-wasm32-wasip2.tar.gz", "sha256": digest}},
}

facts := {"path": "registry/tools/pager.json", "manifests": [{"path": "registry/tools/pager.json", "value": tool}]}

results_of(document, found) := denied | warned if {
	denied := deny with input as document with data.facts as found
	warned := warn with input as document with data.facts as found
}

results(document) := results_of(document, facts)

single(document, rule, pointer) if {
	reported := results(document)
	{[result.rule, result.pointer] | some result in reported} == {[rule, pointer]}
	count(reported) == 1
}

with_artifact(artifact) := object.union(object.remove(tool, ["artifacts"]), {"artifacts": {"wasm32-wasip2": artifact}})

test_valid_entries_pass if {
	count(results(tool)) == 0
	count(results({"name": "notes", "kind": "mcp_server", "url": "https://mcp.example.org/"})) == 0
	# Not released yet.
	count(results(with_artifact({"url": null, "sha256": null}))) == 0
	# A file whose name contains no version.
	count(results(with_artifact({"url": "https://d.example.org/pager.wasm", "sha256": digest}))) == 0
	count(results(object.union(tool, {"version": "0.2.0-rc.1"}))) == 0
}

test_a_file_without_digest if {
	url := tool.artifacts["wasm32-wasip2"].url
	single(with_artifact({"url": url}), "artifact-sha256", "/artifacts/wasm32-wasip2/sha256")
	single(with_artifact({"url": url, "sha256": null}), "artifact-sha256", "/artifacts/wasm32-wasip2/sha256")
}

test_a_moving_url if {
	single(with_artifact({"url": "https://github.com/acme/pager/releases/latest/download/pager.wasm", "sha256": digest}), "artifact-moving-url", "/artifacts/wasm32-wasip2/url")
}

test_a_file_of_another_version if {
	every file in ["tool-pager-0.1.9-wasm32-wasip2.tar.gz", "pager_v0.1.9.wasm", "0.1.9.tar.gz", "pager-0.12.0.wasm"] {
		single(with_artifact({"url": sprintf("https://d.example.org/%s", [file]), "sha256": digest}), "artifact-other-version", "/artifacts/wasm32-wasip2/url")
	}
}

test_two_entries_of_one_kind_and_name if {
	other := {"path": "registry/extra/pager.json", "value": {"name": "pager", "kind": "tool"}}
	found := results_of(tool, object.union(facts, {"manifests": array.concat(facts.manifests, [other])}))
	{result.pointer | some result in found} == {"/name"}
	channel := {"path": "registry/channels/pager.json", "value": {"name": "pager", "kind": "channel"}}
	count(results_of(tool, object.union(facts, {"manifests": array.concat(facts.manifests, [channel])}))) == 0
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, true, [], {}, ""] {
		every field in ["name", "kind", "version", "artifacts", "tags"] {
			count(results(object.union(object.remove(tool, [field]), {field: wrong}))) == 0
		}
		count(results(with_artifact(wrong))) == 0
		count(results(with_artifact({"url": wrong, "sha256": digest}))) == 0
	}
	every wrong in [1, true, [], {}, ""] {
		count(results(with_artifact({"url": tool.artifacts["wasm32-wasip2"].url, "sha256": wrong}))) == 0
	}
}
