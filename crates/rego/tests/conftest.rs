//! Tests of policies in the style of conftest users, evaluated unchanged.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use common::{evaluate, lines, request, results};
use serde_json::json;

#[test]
fn rego_v1_with_string_results() {
    let policy = r#"
package main

import rego.v1

deny contains msg if {
    input.kind == "plugin"
    not startswith(input.host, "https://")
    msg := sprintf("host %q of plugin %s is not reached by https", [input.host, input.name])
}

deny contains "a plugin names its owner" if not input.owner

warn contains msg if {
    count(input.tags) > 2
    msg := sprintf("%d tags are many", [count(input.tags)])
}
"#;
    let plain = json!({"kind": "plugin", "name": "a", "host": "http://x", "tags": ["b", "c", "d"]});
    let good = json!({"kind": "plugin", "name": "b", "host": "https://x", "owner": "team", "tags": []});
    assert_eq!(
        results(&[("policy/main.rego", policy)], &[plain, good]),
        [
            "0 Deny data.main.deny: a plugin names its owner",
            "0 Deny data.main.deny: host \"http://x\" of plugin a is not reached by https",
            "0 Warn data.main.warn: 3 tags are many",
        ]
    );
}

#[test]
fn rego_v0_with_brackets_and_without_imports() {
    let policy = r#"
package main

name = input.metadata.name

is_service {
    input.kind == "Service"
}

is_service {
    input.kind == "Ingress"
}

deny[msg] {
    is_service
    not input.metadata.labels.team
    msg = sprintf("%s must carry the label team", [name])
}

deny_port[msg] {
    port := input.spec.ports[_].port
    port < 1024
    msg := sprintf("%s listens on %v, a port of root", [name, port])
}

warn[msg] {
    image := input.spec.images[i]
    endswith(image, ":latest")
    msg := sprintf("image %d floats", [i])
}
"#;
    let input = json!({
        "kind": "Ingress",
        "metadata": {"name": "shop"},
        "spec": {"ports": [{"port": 80}, {"port": 8080}, {"port": 443}], "images": ["a:1", "b:latest"]},
    });
    assert_eq!(
        results(&[("policy/service.rego", policy)], &[input]),
        [
            "0 Deny data.main.deny: shop must carry the label team",
            "0 Deny data.main.deny_port: shop listens on 443, a port of root",
            "0 Deny data.main.deny_port: shop listens on 80, a port of root",
            "0 Warn data.main.warn: image 1 floats",
        ]
    );
}

#[test]
fn future_keywords_of_rego_v0() {
    let policy = r#"
package main

import future.keywords.contains
import future.keywords.every
import future.keywords.if
import future.keywords.in

deny contains msg if {
    some step in input.steps
    step.uses
    not "@" in split(step.uses, "")
    msg := sprintf("%s is not pinned", [step.uses])
}

violation[{"msg": msg, "details": {"name": input.name}}] {
    every step in input.steps { not step.run }
    msg := "nothing is run"
}
"#;
    let input = json!({"name": "n", "steps": [{"uses": "a/b"}, {"uses": "c/d@v1"}]});
    assert_eq!(
        results(&[("policy/steps.rego", policy)], &[input]),
        ["0 Deny data.main.deny: a/b is not pinned", "0 Deny data.main.violation: nothing is run"]
    );
}

#[test]
fn violations_have_a_location_and_a_fix() {
    let policy = r#"
package main
import rego.v1

violation_scope contains {"msg": msg, "path": ["permissions", i, "scope"], "help": "ask for less"} if {
    some i, permission in input.permissions
    permission.scope == "*"
    msg := sprintf("permission %d asks for everything", [i])
}

violation_name contains {"msg": "the name contains a slash", "details": {"pointer": "/a~1b"}} if contains(input.name, "/")

warn_other contains {"msg": "conftest's users add what they like", "severity": 3, "path": {"odd": true}} if true
"#;
    let input = json!({"name": "x/y", "permissions": [{"scope": "read"}, {"scope": "*"}]});
    assert_eq!(
        results(&[("policy/v.rego", policy)], &[input]),
        [
            "0 Deny data.main.violation_name: the name contains a slash @/a~1b",
            "0 Deny data.main.violation_scope: permission 1 asks for everything @/permissions/1/scope ?ask for less",
            "0 Warn data.main.warn_other: conftest's users add what they like",
        ]
    );
}

#[test]
fn helpers_of_both_versions_and_data() {
    let library = r#"
package lib.plugins

is_internal(host) {
    endswith(host, data.zones.internal[_])
}

major(version) = number {
    parts := split(version, ".")
    number := to_number(parts[0])
}
"#;
    let policy = r#"
package main

import rego.v1
import data.lib.plugins
import data.lib.plugins as p
import data.licences

deny contains msg if {
    plugins.is_internal(input.host)
    msg := sprintf("%s is internal", [input.host])
}

deny_licence contains msg if {
    not input.licence in licences.allowed
    msg := sprintf("%v is none of %s", [input.licence, concat(", ", sort(licences.allowed))])
}

warn contains "before 1.0" if p.major(input.version) < 1

warn contains "an odd major version" if data.lib.plugins.major(input.version) % 2 == 1
"#;
    let mut request = request(
        &[("policy/main.rego", policy), ("policy/lib/plugins.rego", library)],
        &[json!({"host": "a.corp", "licence": "GPL", "version": "0.9.1"})],
    );
    request.data = vec![
        json!({"zones": {"internal": [".corp"]}}),
        json!({"zones": {"outer": []}, "licences": {"allowed": ["MIT", "Apache-2.0"]}}),
    ];
    assert_eq!(
        lines(&evaluate(&request).unwrap()),
        [
            "0 Deny data.main.deny: a.corp is internal",
            "0 Deny data.main.deny_licence: GPL is none of Apache-2.0, MIT",
            "0 Warn data.main.warn: before 1.0",
        ]
    );
}

#[test]
fn all_files_at_once() {
    let policy = r#"
package main

deny[{"msg": msg, "path": [j, "contents", "id"]}] {
    input[i].contents.id == input[j].contents.id
    i < j
    msg := sprintf("%s has the id of %s", [input[j].path, input[i].path])
}

deny[{"msg": "named by its path", "path": file.path}] {
    file := input[_]
    file.contents.bad
}

warn[msg] {
    count(input) > 2
    msg := "more than two files"
}
"#;
    let mut request = request(
        &[("policy/c.rego", policy)],
        &[json!({"id": 1}), json!({"id": 2, "bad": true}), json!({"id": 1})],
    );
    request.combine = true;
    let answer = evaluate(&request).unwrap();
    assert_eq!(
        lines(&answer),
        [
            "1 Deny data.main.deny: named by its path",
            "2 Deny data.main.deny: plugins/p2.yaml has the id of plugins/p0.yaml @/id",
            "- Warn data.main.warn: more than two files",
        ]
    );
    assert_eq!(answer.queries, 2);
}

#[test]
fn built_in_functions_match_opa() {
    let policy = r#"
package main
import rego.v1

deny_version contains msg if {
    semver.is_valid(input.version)
    semver.compare(input.version, "2.0.0") < 0
    msg := sprintf("%s is before 2.0.0", [input.version])
}

deny_name contains "no plain name" if not regex.match(`^[a-z][a-z0-9-]{2,}$`, input.name)

deny_timeout contains msg if {
    timeout := object.get(input, ["settings", "timeout"], 60)
    timeout > 30
    msg := sprintf("a timeout of %d s", [timeout])
}

deny_path contains path if {
    some path in input.paths
    glob.match("secrets/**", ["/"], path)
}

deny_embedded contains key if {
    document := json.unmarshal(base64.decode(input.embedded))
    some key in object.keys(document)
    key in {"token", "password"}
}

deny_yaml contains lower(trim_space(text)) if some text in yaml.unmarshal(input.yaml)

deny_walk contains concat(".", [sprintf("%v", [key]) | some key in path]) if {
    walk(input, [path, value])
    value == "TODO"
}

deny_set contains msg if {
    missing := {"a", "b"} - {key | input.keys[key]}
    count(missing) > 0
    msg := concat(",", missing)
}
"#;
    let input = json!({
        "version": "1.9.0", "name": "9lives", "paths": ["a", "secrets/x/y"], "embedded": "eyJ0b2tlbiI6MX0=",
        "yaml": "- ' YES '\n", "deep": [{"x": "TODO"}], "keys": {"a": 1},
    });
    assert_eq!(
        results(&[("policy/b.rego", policy)], &[input]),
        [
            "0 Deny data.main.deny_embedded: token",
            "0 Deny data.main.deny_name: no plain name",
            "0 Deny data.main.deny_path: secrets/x/y",
            "0 Deny data.main.deny_set: b",
            "0 Deny data.main.deny_timeout: a timeout of 60 s",
            "0 Deny data.main.deny_version: 1.9.0 is before 2.0.0",
            "0 Deny data.main.deny_walk: deep.0.x",
            "0 Deny data.main.deny_yaml: yes",
        ]
    );
}
