# What the fields of a Cartero manifest require of each other.
package main

import rego.v1

capabilities_of := {
	"renderer": {"preview.render"},
	"content-pack": {"campaign.template"},
	"importer": {"campaign.import"},
	"exporter": {"results.export"},
	"integration": {"audience.sync", "events.ingest", "webhook.deliver"},
}

catalog := union({names | some names in capabilities_of})

fitting := capabilities_of[input.kind]

# The names in `capabilities`; what is not a list of names is left to the schema.
declared := input.capabilities if is_array(input.capabilities)

deny contains {"rule": "kind-capability", "msg": msg, "pointer": sprintf("/capabilities/%d", [at])} if {
	data.settings.kind_capabilities != "any"
	some at, name in declared
	name in catalog
	not name in fitting
	msg := sprintf("capability %s does not fit kind %s, which can have %s", [name, input.kind, concat(", ", sort(fitting))])
}

deny contains {"rule": "kind-capability", "msg": msg, "pointer": "/capabilities"} if {
	data.settings.kind_capabilities == "any"
	known := {name | some name in declared; name in catalog}
	count(known) > 0
	count(known & fitting) == 0
	msg := sprintf("none of the capabilities fits kind %s, which can have %s", [input.kind, concat(", ", sort(fitting))])
}

deny contains {"rule": "safe-mode", "msg": msg, "pointer": "/safe"} if {
	input.safe == true
	input.mode == "external-service"
	msg := "safe cannot be true with mode external-service; only local-only and operator-review can be safe"
}

# The reasons why an operator must review the plugin.
review_reasons contains "safe is false" if input.safe == false

review_reasons contains "mode is external-service" if input.mode == "external-service"

review_reasons contains "trust.level is unreviewed" if input.trust.level == "unreviewed"

deny contains {"rule": "review-required", "msg": msg, "pointer": "/trust/review_required"} if {
	input.trust.review_required == false
	some reason in review_reasons
	msg := sprintf("review_required must be true, because %s", [reason])
}

deny contains {"rule": "name-unique", "msg": msg, "pointer": "/name"} if {
	count(data.facts.siblings_named) > 0
	msg := sprintf("the name %s is also in %s", [input.name, concat(", ", data.facts.siblings_named)])
}
