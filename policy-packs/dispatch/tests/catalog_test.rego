package catalog

import rego.v1

settings := {"paths": "catalog", "legacy_plugins": "warn"}

listed := {
	"id": "acme.channel.pager",
	"name": "channel-pager",
	"kind": "channel",
	"version": "0.2.0",
	"source_dir": "../channels/pager",
	"manifest_path": "../channels/pager/channel-plugin.json",
	"manifest_url": "https://raw.githubusercontent.com/acme/pagers/v0.2.0/channels/pager/channel-plugin.json",
	"install_hint": "dispatch extension install channel-pager",
	"auth": {"method": "manual", "provider": "Pager"},
	"requirements": {"secrets": ["PAGER_TOKEN"], "network_domains": ["pager.example.org"]},
	"source": {
		"type": "github_release",
		"repo": "acme/pagers",
		"tag": "v0.2.0",
		"checksum_asset": "SHA256SUMS.txt",
		"binaries": [{"target": "x86_64-unknown-linux-gnu", "asset": "pager", "binary_name": "pager"}],
	},
}

of_manifest := {
	"kind": "channel",
	"name": "channel-pager",
	"version": "0.2.0",
	"auth": {"mode": "manual", "provider": "Pager"},
	"requirements": {"secrets": ["PAGER_TOKEN"], "network_domains": ["pager.example.org"]},
}

of(one) := {"catalog_id": "acme", "repository": "pagers", "entries": [one]}

valid := of(listed)

path := "../channels/pager/channel-plugin.json"

facts := {
	"path": "catalog/extensions.json",
	"remote": "acme/pagers",
	"manifests": [
		{"path": "channels/pager/channel-plugin.json", "value": of_manifest},
		{"path": "catalog/extensions.json", "value": valid},
	],
	"documents": {path: of_manifest},
	"documents_of_root": {path: null},
	"manifest_paths": {path: "file"},
	"manifest_paths_of_root": {path: "outside"},
	"source_dirs": {"../channels/pager": "directory"},
	"source_dirs_of_root": {"../channels/pager": "outside"},
}

results_of(document, found, set) := denied | warned if {
	denied := deny with input as document with data.facts as found with data.settings as set
	warned := warn with input as document with data.facts as found with data.settings as set
}

results(document, found) := results_of(document, found, settings)

single(document, found, rule, pointer) if {
	reported := results(document, found)
	{[result.rule, result.pointer] | some result in reported} == {[rule, pointer]}
	count(reported) == 1
}

changed(fields) := of(object.union(listed, fields))

without(names) := of(object.remove(listed, names))

with_facts(fields) := object.union(facts, fields)

test_a_valid_catalog_passes if count(results(valid, facts)) == 0

test_a_catalog_without_ids if {
	early := object.remove(without(["id"]), ["catalog_id"])
	single(early, facts, "catalog-id", "/catalog_id")
	single(without(["id"]), facts, "entry-id", "/entries/0/id")
}

test_an_id_of_another_catalog if {
	single(changed({"id": "other.channel.pager"}), facts, "entry-id", "/entries/0/id")
	single(changed({"id": "acmechannel"}), facts, "entry-id", "/entries/0/id")
}

test_two_entries_with_one_name if {
	second := object.union(listed, {"id": "acme.channel.other"})
	single(object.union(valid, {"entries": [listed, second]}), facts, "entry-unique", "/entries/1/name")
	renamed := object.union(listed, {"name": "channel-other", "version": "0.2.0"})
	found := with_facts({"documents": {path: null}})
	single(object.union(valid, {"entries": [listed, renamed]}), found, "entry-unique", "/entries/1/id")
}

test_reserved_names if {
	found := with_facts({"documents": {path: null}})
	single(changed({"name": "docker"}), found, "name-reserved", "/entries/0/name")
}

test_a_manifest_that_is_missing if {
	found := with_facts({"manifest_paths": {path: "missing"}, "documents": {path: null}})
	single(valid, found, "manifest-path", "/entries/0/manifest_path")
}

test_paths_from_the_root if {
	from_the_root := changed({"manifest_path": "channels/pager/channel-plugin.json", "source_dir": "channels/pager"})
	found := with_facts({
		"documents": {"channels/pager/channel-plugin.json": null},
		"documents_of_root": {"channels/pager/channel-plugin.json": of_manifest},
		"manifest_paths": {"channels/pager/channel-plugin.json": "missing"},
		"manifest_paths_of_root": {"channels/pager/channel-plugin.json": "file"},
		"source_dirs": {"channels/pager": "missing"},
		"source_dirs_of_root": {"channels/pager": "directory"},
	})
	{result.rule | some result in results(from_the_root, found)} == {"manifest-path", "source-dir"}
	count(results_of(from_the_root, found, object.union(settings, {"paths": "root"}))) == 0
}

test_a_source_directory_that_is_missing if {
	single(valid, with_facts({"source_dirs": {"../channels/pager": "missing"}}), "source-dir", "/entries/0/source_dir")
	single(valid, with_facts({"source_dirs": {"../channels/pager": "file"}}), "source-dir", "/entries/0/source_dir")
}

test_a_source_without_url if single(without(["manifest_url"]), facts, "url-for-install", "/entries/0/manifest_url")

test_a_url_that_can_change if {
	moving := "https://raw.githubusercontent.com/acme/pagers/main/channels/pager/channel-plugin.json"
	single(changed({"manifest_url": moving}), facts, "url-pinned", "/entries/0/manifest_url")
	prefix := "https://raw.githubusercontent.com/acme/pagers/v0.2.0-beta/channels/pager/channel-plugin.json"
	single(changed({"manifest_url": prefix}), facts, "url-pinned", "/entries/0/manifest_url")
}

test_a_binary_without_hash if {
	bare := object.remove(listed.source, ["checksum_asset"])
	single(of(object.union(object.remove(listed, ["source"]), {"source": bare})), facts, "binary-hash", "/entries/0/source/binaries/0/sha256")
	with_hash := object.union(bare, {"binaries": [{"target": "t", "asset": "a", "binary_name": "b", "sha256": "00"}]})
	count(results(of(object.union(object.remove(listed, ["source"]), {"source": with_hash})), facts)) == 0
}

test_url_and_path_of_other_files if {
	other := "https://raw.githubusercontent.com/acme/pagers/v0.2.0/channels/phone/channel-plugin.json"
	single(changed({"manifest_url": other}), facts, "manifest-agrees", "/entries/0/manifest_url")
	blob := "https://github.com/acme/pagers/raw/v0.2.0/channels/pager/channel-plugin.json"
	count(results(changed({"manifest_url": blob}), facts)) == 0
}

test_entries_of_other_repositories if {
	{[result.rule, result.pointer] | some result in results(valid, with_facts({"remote": "acme/phones"}))} == {["foreign-entry", "/entries/0/source/repo"], ["foreign-entry", "/entries/0/manifest_url"]}
	count(results(valid, with_facts({"remote": "Acme/Pagers"}))) == 0
	count(results(valid, with_facts({"remote": null}))) == 0
}

test_a_hint_that_is_incomplete if {
	single(without(["source"]), facts, "install-hint", "/entries/0/install_hint")
	single(without(["source", "install_hint"]), facts, "install-hint", "/entries/0/install_hint")
	complete := object.union(object.remove(listed, ["source"]), {"install_hint": "git clone https://example.org/pagers && cd pagers && make"})
	count(results(of(complete), facts)) == 0
}

test_every_domain if {
	found := with_facts({"documents": {path: null}})
	single(changed({"requirements": {"network_domains": ["*"]}}), found, "network-wildcard", "/entries/0/requirements/network_domains/0")
}

test_fields_that_differ_from_the_manifest if {
	single(changed({"version": "0.3.0"}), facts, "manifest-differs", "/entries/0/version")
	single(changed({"kind": "courier"}), facts, "manifest-differs", "/entries/0/kind")
	named := with_facts({"documents": {path: object.union(of_manifest, {"name": "channel-phone"})}})
	single(valid, named, "manifest-differs", "/entries/0/name")
	single(changed({"auth": {"method": "oauth"}}), facts, "manifest-differs", "/entries/0/auth/method")
	single(changed({"requirements": {"secrets": []}}), facts, "manifest-differs", "/entries/0/requirements/secrets")
	single(changed({"requirements": {"network_domains": ["other.example.org"]}}), facts, "manifest-differs", "/entries/0/requirements/network_domains")
}

test_every_manifest_is_listed if {
	found := with_facts({"manifests": [{"path": "channels/phone/channel-plugin.json", "value": {"name": "channel-phone"}}]})
	single(valid, found, "manifest-listed", "/entries")
}

# A field with a wrong type is reported by the schema, not by a rule as well.
test_wrong_types_are_left_to_the_schema if {
	every wrong in [null, 1, true, [], {}, ""] {
		every field in ["id", "name", "kind", "version", "manifest_path", "source_dir", "source", "auth", "requirements", "keywords", "signatures"] {
			count(results(changed({field: wrong}), facts)) == 0
		}
		count(results(object.union(valid, {"catalog_id": wrong}), facts)) == 0
	}
	every wrong in [null, 1, true, {}, ""] {
		count(results(object.union(valid, {"entries": wrong}), facts)) == 0
	}
	count(results(object.union(valid, {"entries": [null, 1, "x"]}), facts)) == 0
}
