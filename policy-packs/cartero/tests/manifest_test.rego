package main

import rego.v1

settings := {"kind_capabilities": "all", "version": "semver"}

valid := {
	"schema_version": "v1",
	"name": "letter-preview",
	"version": "1.2.0",
	"kind": "renderer",
	"mode": "local-only",
	"safe": true,
	"capabilities": ["preview.render"],
	"trust": {"level": "reviewed", "review_required": false},
	"description": "Shows a letter before it is sent.",
}

results(manifest) := found if {
	found := deny with input as manifest with data.facts as {"siblings_named": []} with data.settings as settings
}

changed(fields) := object.union(valid, fields)

# Each rule, reported once, at its pointer.
single(manifest, rule, pointer) if {
	found := results(manifest)
	count(found) == 1
	some result in found
	result.rule == rule
	result.pointer == pointer
}

test_a_valid_manifest_passes if count(results(valid)) == 0

test_an_integration_has_several_capabilities if {
	count(results(changed({"kind": "integration", "capabilities": ["events.ingest", "audience.sync", "webhook.deliver"]}))) == 0
}

test_a_capability_of_another_kind if single(changed({"capabilities": ["preview.render", "results.export"]}), "kind-capability", "/capabilities/1")

test_another_kind if single(changed({"kind": "importer"}), "kind-capability", "/capabilities/0")

test_any_fitting_capability_is_enough_for_the_program if {
	manifest := changed({"capabilities": ["results.export", "preview.render"]})
	found := deny with input as manifest with data.facts as {"siblings_named": []} with data.settings as {"kind_capabilities": "any"}
	count(found) == 0
}

test_no_fitting_capability_for_the_program if {
	manifest := changed({"capabilities": ["results.export"]})
	found := deny with input as manifest with data.facts as {"siblings_named": []} with data.settings as {"kind_capabilities": "any"}
	{[result.rule, result.pointer] | some result in found} == {["kind-capability", "/capabilities"]}
}

test_safe_with_an_external_service if {
	single(changed({"mode": "external-service", "trust": {"level": "reviewed", "review_required": true}}), "safe-mode", "/safe")
}

test_unsafe_without_review if single(changed({"safe": false}), "review-required", "/trust/review_required")

test_unreviewed_without_review if {
	single(changed({"trust": {"level": "unreviewed", "review_required": false}}), "review-required", "/trust/review_required")
}

test_external_service_without_review if {
	single(changed({"safe": false, "mode": "operator-review"}), "review-required", "/trust/review_required")
}

test_each_reason_is_reported if {
	manifest := changed({"safe": false, "mode": "external-service", "trust": {"level": "unreviewed", "review_required": false}})
	count(results(manifest)) == 3
}

test_reviewed_plugins_may_be_unsafe if {
	manifest := changed({"safe": false, "mode": "external-service", "trust": {"level": "unreviewed", "review_required": true}})
	count(results(manifest)) == 0
}

test_two_manifests_with_one_name if {
	found := deny with input as valid with data.facts as {"siblings_named": ["plugins/other.yaml"]} with data.settings as settings
	{result.pointer | some result in found} == {"/name"}
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	some_wrong := [null, 1, "true", [], {}]
	every field in ["kind", "mode", "safe", "capabilities", "trust", "name", "version"] {
		every wrong in some_wrong {
			count(results(changed({field: wrong}))) == 0
		}
	}
	count(results({})) == 0
}
