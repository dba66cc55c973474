# What an entry of the ironclaw registry requires beyond its schema.
package registry

import rego.v1

artifacts := input.artifacts if is_object(input.artifacts)

is_url(url) if {
	is_string(url)
	regex.match(`^https?://[^\s/]+[^\s]*$`, url)
}

at(target, field) := sprintf("/artifacts/%s/%s", [replace(replace(target, "~", "~0"), "/", "~1"), field])

deny contains {"rule": "artifact-sha256", "msg": msg, "pointer": at(target, "sha256")} if {
	some target, artifact in artifacts
	is_object(artifact)
	is_url(artifact.url)
	is_null(object.get(artifact, "sha256", null))
	msg := "the file has a URL and no sha256, so its content can change"
}

warn contains {"rule": "artifact-moving-url", "msg": msg, "pointer": at(target, "url")} if {
	some target, artifact in artifacts
	is_url(artifact.url)
	"latest" in split(artifact.url, "/")
	msg := "the URL names the latest release, whose file changes with every release"
}

# The version in the name of a file, such as tool-github-0.2.5-wasm32-wasip2.tar.gz.
warn contains {"rule": "artifact-other-version", "msg": msg, "pointer": at(target, "url")} if {
	some target, artifact in artifacts
	is_url(artifact.url)
	is_string(input.version)
	regex.match(`^[0-9]+[.][0-9]+[.][0-9]+`, input.version)
	parts := split(artifact.url, "/")
	file := parts[count(parts) - 1]
	found := {match[1] | some match in regex.find_all_string_submatch_n(`(?:^|[-_.])v?([0-9]+\.[0-9]+\.[0-9]+)(?:[-_.+]|$)`, file, -1)}
	count(found) > 0
	not core(input.version) in found
	msg := sprintf("%s is a file of version %s, and the entry has version %s", [file, concat(", ", sort(found)), input.version])
}

# A version without pre-release and build.
core(version) := split(split(version, "-")[0], "+")[0]

deny contains {"rule": "name-unique", "msg": msg, "pointer": "/name"} if {
	is_string(input.name)
	input.name != ""
	is_string(input.kind)
	others := sort([manifest.path |
		some manifest in data.facts.manifests
		manifest.path != data.facts.path
		is_object(manifest.value)
		manifest.value.name == input.name
		manifest.value.kind == input.kind
	])
	count(others) > 0
	msg := sprintf("the name %s of a %s is also in %s", [input.name, input.kind, concat(", ", others)])
}
