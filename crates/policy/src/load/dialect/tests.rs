//! What a pack may write about dialects, and what is wrong with others.

use snapshot::{Memory, RepoPath};

use crate::{Dialect, Fact, IdentitySource, Kind, Policy, SchemaChoice, SchemaKey, Unit};

const POLICY: &str = "schema_version: 1\npacks: [{name: demo, version: 1.0.0}]\n";

const PACK: &str = r#"schema_version: 1
name: demo
version: 1.0.0
dialect:
  match: ["things/**/*.yaml", things/*/thing.json]
  when: {keys: [/id], absent: [plugin.spec.json], present: [mix.exs]}
  identity: [/name, stem]
  artifact: {identity: /name, version: /version, owner: card}
  schema: {by: /schema_version, v1: {by: settings.version, program: a.json, semver: b.json}, v2: [{when: others, file: a.json}, {file: b.json}]}
  trust: {level: {at: /trust, order: [low, high]}, safe: /safe, names: [/capabilities, "/a/*/b"]}
  capabilities: {http.allowlist: {from: /hosts, each: {host: ""}}, filesystem: {from: [/a, /b], each: {mode: /m}, convert: fs_mode}}
  permissions: [/hosts]
  config_schema: /config
  list: {columns: {kind: /kind, trust: /trust}, plain: {heading: [THINGS], plugin: ["{identity} {kind}"]}}
facts: {others: same(/name)}
settings: {version: semver, hosts: [a, b]}
paths:
  - match: dialect
    fields: {/name: frozen}
"#;

fn load_with(policy: &str, pack: &str) -> Result<Policy, Vec<String>> {
    let memory = Memory::new()
        .with("policy-packs/policy.yaml", policy)
        .with("policy-packs/demo/pack.yaml", pack)
        .with("policy-packs/demo/a.json", "{\"type\": \"object\"}")
        .with("policy-packs/demo/b.json", "{\"type\": \"object\"}")
        .with(
            "policy-packs/demo/rules/x.rego",
            "package main\nimport rego.v1\ndeny contains \"x\" if input.x\n",
        );
    Policy::load(&memory).map_err(|error| {
        let place = |error: &diagnostic::CheckError| {
            error.location.as_ref().and_then(|place| place.pointer.clone()).unwrap_or_default()
        };
        error.into_check_errors().iter().map(|error| format!("{}: {}", place(error), error.message)).collect()
    })
}

fn only(pack: &str) -> Dialect {
    load_with(POLICY, pack).unwrap().packs.remove(0).dialects.remove(0)
}

#[test]
fn every_key_of_a_dialect_is_read() {
    let policy = load_with(POLICY, PACK).unwrap();
    let dialect = &policy.packs[0].dialects[0];
    assert_eq!((dialect.pack.as_str(), dialect.unit, dialect.origin.line), ("demo", Unit::File, 5));
    assert_eq!(dialect.identity, [IdentitySource::Field("/name".into()), IdentitySource::FileStem]);
    assert_eq!(dialect.when.present, ["mix.exs"]);
    let Some(SchemaChoice::By { key, versions }) = &dialect.schema else { panic!("by a value") };
    assert_eq!((key, versions.len()), (&SchemaKey::Field("/schema_version".into()), 2));
    assert_eq!(dialect.schema.as_ref().map(|schema| schema.all().len()), Some(4));
    assert_eq!(dialect.facts["others"], Fact::Same("/name".into()));
    assert_eq!(dialect.rules.len(), 1, "the rules are those of the pack");
    assert_eq!(dialect.list.columns.len(), 2);
    assert_eq!(dialect.capabilities.len(), 2);
    assert_eq!(dialect.settings["version"].as_str(), Some("semver"));
    assert!(policy.ignored.is_empty(), "{:?}", policy.ignored);
}

#[test]
fn a_pattern_with_a_literal_name_differs_from_one_with_a_wildcard() {
    let dialect = only(PACK);
    for (path, expected) in [
        ("things/a/b/x.yaml", Some(false)),
        ("things/a/thing.json", Some(true)),
        ("things/a/other.json", None),
        ("other/x.yaml", None),
    ] {
        assert_eq!(dialect.matches(&RepoPath::from(path)), expected, "{path}");
    }
    assert!(dialect.enters(&RepoPath::from("things/a")) && !dialect.enters(&RepoPath::from("other")));
}

#[test]
fn match_dialect_governs_every_pattern_of_the_pack() {
    let policy = load_with(POLICY, PACK).unwrap();
    let patterns: Vec<&str> = policy.disciplines.iter().map(|one| one.pattern.as_str()).collect();
    assert_eq!(patterns, ["things/**/*.yaml", "things/*/thing.json"]);
    for discipline in &policy.disciplines {
        assert_eq!(discipline.of_dialect.as_deref(), Some("demo"));
        assert!(matches!(discipline.kind, Kind::Fields(_)) && discipline.format.is_some());
    }
    let own = "schema_version: 1\npacks: []\npaths: [{match: dialect, discipline: frozen}]\n";
    let policy = load_with(own, PACK).unwrap();
    assert_eq!(policy.disciplines[0].of_dialect, None, "elsewhere it is a path like any other");
}

#[test]
fn several_dialects_share_facts_and_add_their_own() {
    let pack = "schema_version: 1\nname: demo\nversion: 1.0.0\ndialect:\n  - {match: a/*.json, identity: stem, facts: {here: dirname}}\n  - {match: [b/list.json], identity: /id, unit: folder}\nfacts: {there: remote}\n";
    let dialects = load_with(POLICY, pack).unwrap().packs.remove(0).dialects;
    assert_eq!(dialects.iter().map(|one| one.facts.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(dialects[1].unit, Unit::Directory);
}

#[test]
fn a_policy_gives_settings_their_values() {
    let with = |settings: &str| {
        let policy =
            format!("schema_version: 1\npacks: [{{name: demo, version: 1.0.0, settings: {settings}}}]\n");
        load_with(&policy, PACK)
    };
    let policy = with("{version: program}").unwrap();
    assert_eq!(policy.packs[0].dialects[0].settings["version"].as_str(), Some("program"));
    for (settings, message) in [
        (
            "{versions: program}",
            "/packs/0/settings/versions: the pack has no setting `versions`; did you mean `version`?",
        ),
        ("{version: true}", "/packs/0/settings/version: expected a string, as in the pack, found a boolean"),
        (
            "{version: {a: b}}",
            "/packs/0/settings/version: expected a string, a number, a boolean, or a list of them",
        ),
        ("[]", "/packs/0/settings: expected a mapping from at most 64 names to values"),
        ("{version: progam}", "/packs/0/settings/version: expected `program` or `semver`, found \"progam\""),
        ("{version: ''}", "/packs/0/settings/version: expected `program` or `semver`, found \"\""),
    ] {
        assert_eq!(with(settings).unwrap_err(), [message], "{settings}");
    }
}

#[test]
fn a_setting_may_have_a_closed_set_of_values() {
    let with = |declared: &str, given: &str| {
        let pack = PACK.replace("hosts: [a, b]}", &format!("hosts: [a, b], paths: {declared}}}"));
        let policy =
            format!("schema_version: 1\npacks: [{{name: demo, version: 1.0.0, settings: {{{given}}}}}]\n");
        load_with(&policy, &pack)
    };
    let closed = "{default: catalog, values: [catalog, root]}";
    for (given, expected) in [("", "catalog"), ("paths: root", "root"), ("paths: catalog", "catalog")] {
        let policy = with(closed, given).unwrap();
        assert_eq!(policy.packs[0].dialects[0].settings["paths"].as_str(), Some(expected), "{given}");
    }
    for (declared, given, message) in [
        (closed, "paths: rot", "/packs/0/settings/paths: expected `catalog` or `root`, found \"rot\""),
        (closed, "paths: Root", "/packs/0/settings/paths: expected `catalog` or `root`, found \"Root\""),
        (
            closed,
            "paths: [root]",
            "/packs/0/settings/paths: expected a string, as in the pack, found an array",
        ),
        ("{default: a}", "", "/settings/paths/values: missing field `values`"),
        (
            "{default: a, values: [b]}",
            "",
            "/settings/paths/values: expected a list of at most 1024 strings that contains the default",
        ),
        (
            "{default: a, values: [a, 1]}",
            "",
            "/settings/paths/values: expected a list of at most 1024 strings that contains the default",
        ),
    ] {
        assert_eq!(with(declared, given).unwrap_err(), [message], "{declared} {given}");
    }
}

#[test]
fn each_fault_is_reported_at_its_place() {
    for (from, to, expected) in [
        (
            "identity: [/name, stem]",
            "identity: name",
            "/dialect/identity: expected a JSON pointer, as in `/spec/version`",
        ),
        ("  identity: [/name, stem]\n", "", "/dialect/identity: missing field `identity`"),
        (
            "things/*/thing.json]",
            "a/../b.json]",
            "/dialect/match/1: `..` is not a valid segment: a pattern is relative to the root and has no empty, `.` or `..` segment",
        ),
        (
            "things/*/thing.json]",
            "things/*/thing]",
            "/dialect/format: the format of `things/*/thing` is unknown: add `format`",
        ),
        ("  when:", "  unit: files\n  when:", "/dialect/unit: expected `file` or `folder`"),
        (
            "[mix.exs]",
            "[a/mix.exs]",
            "/dialect/when/present: expected the name of a file beside the manifest",
        ),
        ("keys: [/id]", "keys: [id]", "/dialect/when/keys: expected a JSON pointer, as in `/spec/version`"),
        (
            "program: a.json",
            "program: c.json",
            "/dialect/schema/v1/program: file c.json not found in the pack",
        ),
        (
            "program: a.json",
            "program: ../b.json",
            "/dialect/schema/v1/program: file ../b.json not found in the pack",
        ),
        (
            "by: settings.version",
            "by: settings.versions",
            "/dialect/schema/v1/by: the pack has no setting `versions`; did you mean `version`?",
        ),
        (
            "when: others",
            "when: other",
            "/dialect/schema/v2/0/when: the pack has no fact `other`; did you mean `others`?",
        ),
        (
            "order: [low, high]",
            "order: [low]",
            "/dialect/trust/level/order: expected at least two levels, from the lowest to the highest",
        ),
        (
            "http.allowlist:",
            "http.allowlists:",
            "/dialect/capabilities/http.allowlists: unknown capability `http.allowlists`; did you mean `http.allowlist`?",
        ),
        (
            "each: {mode: /m}",
            "each: {modes: /m}",
            "/dialect/capabilities/filesystem/each/modes: filesystem has no field `modes`; did you mean `mode`?",
        ),
        (
            "convert: fs_mode",
            "convert: rw",
            "/dialect/capabilities/filesystem/convert: unknown conversion `rw`",
        ),
        (
            "config_schema: /config",
            "config_schema: /*/config",
            "/dialect/config_schema: pointers have no wildcards; use `collection:` to protect each element of a list or map",
        ),
        (
            "trust: /trust}, plain",
            "version: /trust}, plain",
            "/dialect/list/columns/version: every list has `version`: choose another name",
        ),
        (
            "{identity} {kind}",
            "{identity} {kinds}",
            "/dialect/list/plain/plugin/0: `{kinds}` is not a column of this list",
        ),
        (
            "facts: {others: same(/name)}",
            "facts: {others: same(/name), now: clock}",
            "/facts/now: unknown fact `clock`",
        ),
        (
            "hosts: [a, b]",
            "hosts: {a: b}",
            "/settings/hosts: expected a string, a number, a boolean, or a list of them",
        ),
        (
            "  permissions:",
            "  permission: [/x]\n  permissions:",
            "/dialect/permission: unknown field `permission`",
        ),
        ("dialect:\n  match", "rules: []\ndialect:\n  match", "/rules: unknown field `rules`"),
    ] {
        let pack = PACK.replace(from, to);
        assert_ne!(pack, PACK, "{from}");
        assert_eq!(load_with(POLICY, &pack).unwrap_err(), [expected], "{to}");
    }
    let without = "schema_version: 1\nname: demo\nversion: 1.0.0\nfacts: {a: dirname}\n";
    assert_eq!(load_with(POLICY, without).unwrap_err(), ["/facts: only a pack with `dialect` has these"]);
}
