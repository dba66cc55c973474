# What the bundles of the ironclaw registry require of its entries.
package bundles

import rego.v1

bundles := input.bundles if is_object(input.bundles)

warn contains {"rule": "bundle-entry", "msg": msg, "pointer": sprintf("/bundles/%s/extensions/%d", [replace(replace(name, "~", "~0"), "/", "~1"), at])} if {
	some name, bundle in bundles
	is_object(bundle)
	is_array(bundle.extensions)
	some at, extension in bundle.extensions
	is_string(extension)
	regex.match(`^[a-z-]+/[A-Za-z0-9][A-Za-z0-9._-]*$`, extension)
	not exists(extension)
	msg := sprintf("registry/%s.json does not exist", [extension])
}

exists(extension) if {
	some manifest in data.facts.manifests
	endswith(sprintf("/%s", [manifest.path]), sprintf("/registry/%s.json", [extension]))
}

# An entry can have another name than its file.
exists(extension) if {
	[folder, name] := split(extension, "/")
	some manifest in data.facts.manifests
	is_object(manifest.value)
	manifest.value.name == name
	contains(sprintf("/%s", [manifest.path]), sprintf("/registry/%s/", [folder]))
}
