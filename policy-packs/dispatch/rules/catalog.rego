# What a catalog of Dispatch extensions requires beyond its schema, and of the manifests that it lists.
package catalog

import rego.v1

entries := input.entries if is_array(input.entries)

objects := [{"at": at, "entry": entry} | some at, entry in entries; is_object(entry)]

is_text(value) if {
	is_string(value)
	regex.match(`[^\s]`, value)
}

# Identifiers.
warn contains {"rule": "catalog-id", "msg": msg, "pointer": "/catalog_id"} if {
	is_object(input)
	not "catalog_id" in object.keys(input)
	msg := "the catalog has no catalog_id; current versions of Dispatch refuse such a catalog"
}

warn contains {"rule": "entry-id", "msg": msg, "pointer": sprintf("/entries/%d/id", [item.at])} if {
	is_text(input.catalog_id)
	some item in objects
	not "id" in object.keys(item.entry)
	msg := sprintf("the entry has no id, such as %s.%s", [input.catalog_id, object.get(item.entry, "name", "name")])
}

deny contains {"rule": "entry-id", "msg": msg, "pointer": sprintf("/entries/%d/id", [item.at])} if {
	is_text(input.catalog_id)
	regex.match(`^[a-z0-9._-]+$`, input.catalog_id)
	some item in objects
	is_text(item.entry.id)
	regex.match(`^[a-z0-9._-]+$`, item.entry.id)
	not startswith(item.entry.id, sprintf("%s.", [input.catalog_id]))
	msg := sprintf("the id %s does not begin with the catalog_id, %s.", [item.entry.id, input.catalog_id])
}

deny contains {"rule": "entry-unique", "msg": msg, "pointer": sprintf("/entries/%d/%s", [item.at, field])} if {
	some field in ["name", "id"]
	some item in objects
	value := item.entry[field]
	is_text(value)
	some other in objects
	other.at < item.at
	other.entry[field] == value
	msg := sprintf("%s %s is also in entry %d", [field, value, other.at])
}

deny contains {"rule": "name-reserved", "msg": msg, "pointer": sprintf("/entries/%d/name", [item.at])} if {
	some item in objects
	item.entry.name in {"native", "docker", "wasm"}
	msg := sprintf("the name %s belongs to a backend that is part of Dispatch", [item.entry.name])
}

# Paths.
from_root if data.settings.paths == "root"

manifest_state(path) := data.facts.manifest_paths_of_root[path] if from_root

manifest_state(path) := data.facts.manifest_paths[path] if not from_root

source_state(path) := data.facts.source_dirs_of_root[path] if from_root

source_state(path) := data.facts.source_dirs[path] if not from_root

is_relative(path) if {
	is_text(path)
	regex.match(`^[^\s/\\][^\\]*$`, path)
}

base := "the root of the repository" if from_root

base := "the catalog file" if not from_root

elsewhere := "the catalog file" if from_root

elsewhere := "the root of the repository" if not from_root

deny contains {"rule": "manifest-path", "msg": msg, "pointer": sprintf("/entries/%d/manifest_path", [item.at])} if {
	some item in objects
	path := item.entry.manifest_path
	is_relative(path)
	manifest_state(path) != "file"
	msg := sprintf("%s does not exist relative to %s%s", [path, base, also(other_manifest_state(path) == "file")])
}

deny contains {"rule": "source-dir", "msg": msg, "pointer": sprintf("/entries/%d/source_dir", [item.at])} if {
	some item in objects
	path := item.entry.source_dir
	is_relative(path)
	source_state(path) != "directory"
	msg := sprintf("%s is not a directory relative to %s%s", [path, base, also(other_source_state(path) == "directory")])
}

other_manifest_state(path) := data.facts.manifest_paths_of_root[path] if not from_root

other_manifest_state(path) := data.facts.manifest_paths[path] if from_root

other_source_state(path) := data.facts.source_dirs_of_root[path] if not from_root

other_source_state(path) := data.facts.source_dirs[path] if from_root

also(true) := sprintf("; it exists relative to %s, which the setting `paths` can allow", [elsewhere])

also(false) := ""

# Releases.
has_source(entry) if is_object(entry.source)

deny contains {"rule": "url-for-install", "msg": msg, "pointer": sprintf("/entries/%d/manifest_url", [item.at])} if {
	some item in objects
	has_source(item.entry)
	"manifest_path" in object.keys(item.entry)
	not "manifest_url" in object.keys(item.entry)
	msg := "an entry with a source needs manifest_url: an installation never reads manifest_path"
}

deny contains {"rule": "url-pinned", "msg": msg, "pointer": sprintf("/entries/%d/manifest_url", [item.at])} if {
	some item in objects
	has_source(item.entry)
	is_url(item.entry.manifest_url)
	is_text(item.entry.source.tag)
	not contains(item.entry.manifest_url, sprintf("/%s/", [item.entry.source.tag]))
	msg := sprintf("manifest_url does not contain the tag %s, so its content can change", [item.entry.source.tag])
}

is_url(url) if {
	is_string(url)
	regex.match(`^https?://[^\s/]+[^\s]*$`, url)
}

deny contains {"rule": "binary-hash", "msg": msg, "pointer": sprintf("/entries/%d/source/binaries/%d/sha256", [item.at, number])} if {
	some item in objects
	source := item.entry.source
	is_object(source)
	not "checksum_asset" in object.keys(source)
	is_array(source.binaries)
	some number, binary in source.binaries
	is_object(binary)
	not "sha256" in object.keys(binary)
	msg := "the binary has no sha256, and the release has no checksum_asset"
}

# The parts of a URL of a file in a repository: owner/name, tag, path.
file_url(url) := {"repository": match[1], "rest": match[2]} if {
	is_url(url)
	some match in regex.find_all_string_submatch_n(`^https://raw\.githubusercontent\.com/([^/]+/[^/]+)/(.+)$`, url, 1)
}

file_url(url) := {"repository": match[1], "rest": match[2]} if {
	is_url(url)
	some match in regex.find_all_string_submatch_n(`^https://github\.com/([^/]+/[^/]+)/(?:raw|blob)/(.+)$`, url, 1)
}

same_repository(one, other) if lower(one) == lower(other)

warn contains {"rule": "manifest-agrees", "msg": msg, "pointer": sprintf("/entries/%d/manifest_url", [item.at])} if {
	some item in objects
	is_relative(item.entry.manifest_path)
	parts := file_url(item.entry.manifest_url)
	is_string(data.facts.remote)
	same_repository(parts.repository, data.facts.remote)
	tag := item.entry.source.tag
	startswith(parts.rest, sprintf("%s/", [tag]))
	path := substring(parts.rest, count(tag) + 1, -1)
	not same_file(path, item.entry.manifest_path)
	msg := sprintf("manifest_url names %s, and manifest_path names %s", [path, item.entry.manifest_path])
}

# `../channels/a.json` in catalog/ is channels/a.json; `a.json` in catalog/ is catalog/a.json.
same_file(path, relative) if path == without_dots(relative)

same_file(path, relative) if endswith(path, sprintf("/%s", [without_dots(relative)]))

without_dots(relative) := regex.replace(relative, `^(\.{1,2}/)+`, "")

warn contains {"rule": "foreign-entry", "msg": msg, "pointer": sprintf("/entries/%d/source/repo", [item.at])} if {
	some item in objects
	repo := item.entry.source.repo
	is_text(repo)
	contains(repo, "/")
	is_string(data.facts.remote)
	not same_repository(repo, data.facts.remote)
	msg := sprintf("the release is one of %s, and this catalog belongs to %s", [repo, data.facts.remote])
}

warn contains {"rule": "foreign-entry", "msg": msg, "pointer": sprintf("/entries/%d/manifest_url", [item.at])} if {
	some item in objects
	parts := file_url(item.entry.manifest_url)
	is_string(data.facts.remote)
	not same_repository(parts.repository, data.facts.remote)
	msg := sprintf("the manifest is in %s, and this catalog belongs to %s", [parts.repository, data.facts.remote])
}

# Hints for people.
warn contains {"rule": "install-hint", "msg": msg, "pointer": sprintf("/entries/%d/install_hint", [item.at])} if {
	some item in objects
	not "source" in object.keys(item.entry)
	not self_contained(item.entry)
	msg := "without a source, install_hint must contain every step: git clone, cd, build and install"
}

self_contained(entry) if contains(entry.install_hint, "git clone")

self_contained(entry) if contains(entry.install_hint, "://")

# A hint that is not a string is left to the schema.
self_contained(entry) if {
	"install_hint" in object.keys(entry)
	not is_text(entry.install_hint)
}

warn contains {"rule": "network-wildcard", "msg": msg, "pointer": sprintf("/entries/%d/requirements/network_domains/%d", [item.at, number])} if {
	some item in objects
	domains := item.entry.requirements.network_domains
	is_array(domains)
	some number, domain in domains
	domain == "*"
	msg := "`*` lets the extension call every domain; list the domains"
}

# Catalog and manifests.
manifest_of(entry) := data.facts.documents_of_root[entry.manifest_path] if from_root

manifest_of(entry) := data.facts.documents[entry.manifest_path] if not from_root

deny contains {"rule": "manifest-differs", "msg": msg, "pointer": sprintf("/entries/%d/%s", [item.at, field])} if {
	some item in objects
	manifest := manifest_of(item.entry)
	is_object(manifest)
	some field in ["name", "version", "kind"]
	is_text(item.entry[field])
	is_text(manifest[field])
	item.entry[field] != manifest[field]
	msg := sprintf("%s is %s, but the manifest has %s", [field, item.entry[field], manifest[field]])
}

warn contains {"rule": "manifest-differs", "msg": msg, "pointer": sprintf("/entries/%d/auth/method", [item.at])} if {
	some item in objects
	manifest := manifest_of(item.entry)
	is_text(item.entry.auth.method)
	is_text(manifest.auth.mode)
	item.entry.auth.method != manifest.auth.mode
	msg := sprintf("auth.method is %s, but auth.mode of the manifest is %s", [item.entry.auth.method, manifest.auth.mode])
}

warn contains {"rule": "manifest-differs", "msg": msg, "pointer": sprintf("/entries/%d/requirements/%s", [item.at, field])} if {
	some item in objects
	manifest := manifest_of(item.entry)
	is_object(manifest)
	some field in ["secrets", "network_domains"]
	listed := as_set(item.entry, field)
	declared := as_set(manifest, field)
	listed != declared
	msg := sprintf("%s of the entry and of the manifest differ: %s", [field, concat(", ", sort((listed | declared) - (listed & declared)))])
}

# The strings in a list of `requirements`; a missing list is empty.
as_set(document, field) := {value | some value in list; is_string(value)} if {
	requirements := object.get(document, "requirements", {})
	is_object(requirements)
	list := object.get(requirements, field, [])
	is_array(list)
}

deny contains {"rule": "manifest-listed", "msg": msg, "pointer": "/entries"} if {
	is_array(entries)
	count(objects) == count(entries)
	some manifest in data.facts.manifests
	is_object(manifest.value)
	not "entries" in object.keys(manifest.value)
	is_text(manifest.value.name)
	not manifest.value.name in {item.entry.name | some item in objects}
	not points_to(manifest.path)
	msg := sprintf("%s describes the extension %s, which has no entry", [manifest.path, manifest.value.name])
}

points_to(path) if {
	some item in objects
	is_relative(item.entry.manifest_path)
	same_file(path, item.entry.manifest_path)
}
