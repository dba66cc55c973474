//! Manifests of other plugin systems by `id-plugin`, as a pack of the repository describes them.

use std::process::Output;

use crate::support::run;
use scripted::Scripted;

/// A system of our own making: a file for each porter, with a form of its own.
const PACK: &str = r#"schema_version: 1
name: porters
version: 1.0.0
dialect:
  match: ["plugins/**/*.yaml"]
  identity: /name
  artifact: {identity: /name, version: /version}
  schema: {by: /schema_version, v1: schemas/porter.schema.json}
  list:
    columns: {kind: /kind, safe: /safe, carries: /carries, description: /description}
    plain:
      heading: ["PORTERS", ""]
      plugin: ["{identity} {version} | kind={kind} | safe={safe} | carries={carries}", "  {description}"]
"#;

const SCHEMA: &str = r#"{
  "type": "object",
  "required": ["schema_version", "name", "version", "kind"],
  "properties": {"kind": {"enum": ["bag", "box"]}, "name": {"type": "string", "pattern": "^[a-z-]+$"}}
}"#;

fn repository(porters: &[(&str, &str)]) -> Scripted {
    let scripted = Scripted::new();
    let policy =
        "schema_version: 1\npacks: [{name: baseline, version: 0.5.0}, {name: porters, version: 1.0.0}]\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.write("policy-packs/porters/pack.yaml", PACK);
    scripted.write("policy-packs/porters/schemas/porter.schema.json", SCHEMA);
    for (path, text) in porters {
        scripted.write(path, text);
    }
    scripted.commit("begin");
    scripted
}

fn porter(name: &str, rest: &str) -> String {
    format!("schema_version: v1\nname: {name}\nversion: 1.0.0\nkind: bag\n{rest}")
}

fn list(scripted: &Scripted, arguments: &[&str]) -> (Option<i32>, String) {
    let arguments: Vec<&str> = ["list"].iter().chain(arguments).copied().collect();
    let Output { status, stdout, stderr } = run("id-plugin", scripted.path(), &arguments);
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

#[test]
fn the_plain_list_is_that_of_the_pack_and_an_invalid_manifest_hides_no_other() {
    let scripted = repository(&[
        (
            "plugins/z.yaml",
            &porter("alpha", "safe: true\ncarries: [ink, paper]\ndescription: Carries ink.\n"),
        ),
        ("plugins/a.yaml", &porter("beta", "")),
        ("plugins/deep/c.yaml", "schema_version: v1\nname: gamma\nversion: 1.0.0\nkind: bags\n"),
        ("plugins/later.yaml", "schema_version: v9\nname: delta\n"),
        ("plugins/broken.yaml", "name: [\n"),
    ]);
    let (status, plain) = list(&scripted, &["--format", "plain"]);
    assert_eq!(status, Some(0), "{plain}");
    let expected = "PORTERS\n\nalpha 1.0.0 | kind=bag | safe=true | carries=ink,paper\n  Carries ink.\nbeta 1.0.0 | kind=bag | safe= | carries=\n\nwarning: plugins/broken.yaml:";
    assert!(plain.starts_with(expected), "{plain}");
    assert!(plain.contains("warning: plugins/deep/c.yaml:4: /kind: expected one of bag, box"), "{plain}");
    assert!(
        plain.contains(
            "warning: plugins/later.yaml:1: /schema_version: unknown schema_version \"v9\"; known: v1\n"
        ),
        "{plain}"
    );
    let (status, human) = list(&scripted, &[]);
    assert_eq!((status, human.matches("  invalid  ").count()), (Some(0), 3), "{human}");
}

#[test]
fn the_json_list_names_dialect_place_and_problems() {
    let scripted = repository(&[
        ("plugins/a.yaml", &porter("beta", "carries: [ink]\n")),
        ("plugins/c.yaml", &porter("Gamma", "")),
    ]);
    let (status, text) = list(&scripted, &["--format", "json", "--dialect", "porters"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, json["plugins"].as_array().map(Vec::len)), (Some(0), Some(2)));
    assert_eq!(json["plugins"][0]["identity"], "Gamma");
    assert_eq!(json["plugins"][0]["problems"][0]["pointer"], "/name");
    assert_eq!(json["plugins"][0]["problems"][0]["line"], 2);
    assert_eq!(json["plugins"][1]["valid"], true);
    assert_eq!(json["plugins"][1]["columns"]["carries"], serde_json::json!(["ink"]));
    assert_eq!(json["plugins"][1]["dialect"], "porters");
}

#[test]
fn a_system_whose_pack_is_embedded_is_listed_without_a_policy() {
    let scripted = Scripted::new();
    let manifest = "schema_version: v1\nname: alpha\nversion: 1.0.0\nkind: importer\nmode: local-only\nsafe: true\ncapabilities: [campaign.import]\ntrust: {level: reviewed, review_required: false}\ndescription: Imports.\n";
    scripted.write("plugins/alpha.yaml", manifest);
    scripted.commit("begin");
    let (status, plain) = list(&scripted, &["--dialect", "cartero", "--format", "plain"]);
    let expected = "PLUGINS\nInstalled local manifests\n\nRegistry\nalpha 1.0.0 | kind=importer | mode=local-only | trust=reviewed | safe=true | capabilities=campaign.import\n  Imports.\n";
    assert_eq!((status, plain.as_str()), (Some(0), expected));
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: [{name: baseline, version: 0.5.0}, {name: cartero, version: 1.0.0}]\n",
    );
    scripted.commit("enable");
    let (status, text) = output(&scripted, "id-structure", &["check"]);
    assert_eq!(status, Some(0), "{text}");
}

#[test]
fn a_system_that_is_not_enabled_cannot_be_listed() {
    let (status, text) = list(&repository(&[]), &["--dialect", "porter"]);
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("the policy enables no plugin system `porter`"), "{text}");
    assert!(text.contains("enabled are: plugin-spec, porters"), "{text}");
}

/// The rules of the porters: names are unique, and a heavy load is worth a look.
const RULES: &str = r#"package main

import rego.v1

deny contains {"rule": "name-unique", "msg": "another porter has this name", "pointer": "/name"} if count(data.facts.same_name) > 0

warn contains {"rule": "heavy", "msg": "the load is heavy", "pointer": "/load"} if input.load > 10
"#;

/// A repository with porters on the main branch, whose pack has rules and disciplines.
fn with_rules(porters: &[(&str, &str)]) -> Scripted {
    let scripted = repository(&[]);
    let more = "paths:\n  - match: dialect\n    optional: true\n    fields: {/name: frozen, \"\": frozen-while /version}\nfacts: {same_name: same(/name)}\n";
    scripted.write("policy-packs/porters/pack.yaml", format!("{PACK}{more}"));
    scripted.write("policy-packs/porters/rules/porter.rego", RULES);
    for (path, text) in porters {
        scripted.write(path, text);
    }
    scripted.commit("rules");
    scripted
}

fn output(scripted: &Scripted, tool: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = run(tool, scripted.path(), arguments);
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

#[test]
fn healthy_manifests_pass_every_check() {
    let scripted =
        with_rules(&[("plugins/a.yaml", &porter("alpha", "")), ("plugins/deep/b.yaml", &porter("beta", ""))]);
    for (tool, arguments) in
        [("id-structure", vec!["check"]), ("id-guard", vec!["audit"]), ("id-plugin", vec!["doctor"])]
    {
        let (status, text) = output(&scripted, tool, &arguments);
        assert_eq!(status, Some(0), "{tool}: {text}");
    }
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted.write("plugins/c.yaml", porter("gamma", ""));
    scripted.commit("add gamma");
    let (status, text) = output(&scripted, "id-guard", &["check", "--base", "main"]);
    assert_eq!(status, Some(0), "{text}");
}

#[test]
fn the_gate_runs_schema_rules_and_disciplines_on_the_manifests_of_a_change() {
    let scripted = with_rules(&[("plugins/a.yaml", &porter("alpha", ""))]);
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted.write("plugins/a.yaml", porter("alpha", "safe: true\n"));
    scripted.write("plugins/b.yaml", porter("alpha", ""));
    scripted.write("plugins/c.yaml", "schema_version: v1\nname: gamma\nversion: 1.0.0\nkind: sack\n");
    scripted.commit("add two");
    let (status, text) = output(&scripted, "id-guard", &["check", "--base", "main", "--format", "concise"]);
    assert_eq!(status, Some(1), "{text}");
    for finding in [
        "plugins/b.yaml:2:7: error[CUS001] porters/name-unique: another porter has this name",
        "plugins/c.yaml:4:7: error[SCH006] expected one of bag, box, found \"sack\"",
    ] {
        assert!(text.contains(finding), "{finding}\n{text}");
    }
    assert!(text.contains("error[IMM027] `/safe` changed"), "{text}");
    assert!(!text.contains("STR"), "{text}");
}

#[test]
fn a_doctor_counts_the_findings_of_each_system_and_fails_for_a_warning() {
    let scripted = with_rules(&[
        ("plugins/a.yaml", &porter("alpha", "load: 11\n")),
        ("plugins/b.yaml", &porter("beta", "")),
    ]);
    let (status, text) = output(&scripted, "id-plugin", &["doctor"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("porters/heavy: the load is heavy"), "{text}");
    assert!(text.contains("porters: 2 manifests, 1 warning"), "{text}");
    let (status, text) = output(&scripted, "id-plugin", &["doctor", "plugins/b.yaml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, json["checked"]["command"].as_str()), (Some(0), Some("doctor")), "{text}");
    let (status, text) = output(&scripted, "id-plugin", &["doctor", "plugins/none.yaml"]);
    assert_eq!(status, Some(2), "{text}");
}

#[test]
fn a_configuration_is_validated_by_the_schema_in_the_manifest() {
    let scripted = with_rules(&[]);
    let pack = format!("{PACK}  config_schema: /config\n");
    scripted.write("policy-packs/porters/pack.yaml", pack.replace("  list:", "  unit: file\n  list:"));
    scripted.write(
        "policy-packs/porters/rules/porter.rego",
        "package main\n\nimport rego.v1\n\nwarn contains \"odd\" if input.odd\n",
    );
    scripted.write(
        "plugins/a.yaml",
        porter(
            "alpha",
            "config: {type: object, required: [weight], properties: {weight: {type: integer}}}\n",
        ),
    );
    scripted.write("plugins/b.yaml", porter("beta", ""));
    scripted.write("good.json", "{\"weight\": 3}");
    scripted.write("bad.json", "{\"weight\": \"3\"}");
    let doctor = |manifest: &str, config: &str| {
        output(&scripted, "id-plugin", &["doctor", manifest, "--config", config])
    };
    let path = |name: &str| scripted.path().join(name).display().to_string();
    assert_eq!(doctor("plugins/a.yaml", &path("good.json")).0, Some(0));
    let (status, text) = doctor("plugins/a.yaml", &path("bad.json"));
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("expected an integer, found a string"), "{text}");
    assert_eq!(
        doctor("plugins/b.yaml", &path("bad.json")).0,
        Some(0),
        "without a schema everything is valid"
    );
    assert_eq!(doctor("plugins", &path("good.json")).0, Some(2), "several manifests");
    scripted.write("policy-packs/porters/pack.yaml", PACK);
    let (status, text) = doctor("plugins/a.yaml", &path("good.json"));
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("the plugins of porters have no configuration that could be checked"), "{text}");
}

#[test]
fn a_policy_without_a_pack_of_another_system_is_named() {
    let scripted = Scripted::new();
    scripted
        .write("policy-packs/policy.yaml", "schema_version: 1\npacks: [{name: baseline, version: 0.5.0}]\n");
    scripted.write("plugins/a.yaml", porter("alpha", ""));
    scripted.commit("begin");
    let none = "no pack of another plugin system is enabled in policy-packs/policy.yaml";
    for command in ["list", "doctor"] {
        let (status, text) = output(&scripted, "id-plugin", &[command]);
        assert_eq!(status, Some(0), "{text}");
        assert!(text.contains(none), "{command}: {text}");
    }
    let scripted = repository(&[]);
    for arguments in [&["list"][..], &["list", "--dialect", "plugin-spec"], &["doctor"]] {
        let text = output(&scripted, "id-plugin", arguments).1;
        assert!(!text.contains(none), "{arguments:?}: {text}");
    }
}

#[test]
fn findings_of_an_embedded_pack_name_no_directory() {
    let scripted = Scripted::new();
    let policy =
        "schema_version: 1\npacks: [{name: baseline, version: 0.5.0}, {name: cartero, version: 1.0.0}]\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.write("plugins/a.yaml", "schema_version: v1\nname: a\nsafe: yes\n");
    let service = "schema_version: v1\nname: b\nversion: 1.0.0\nkind: importer\nmode: external-service\nsafe: true\ncapabilities: [audience.sync]\ntrust: {level: reviewed, review_required: true}\ndescription: b\n";
    scripted.write("plugins/b.yaml", service);
    scripted.commit("begin");
    let (status, text) = output(&scripted, "id-plugin", &["doctor"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("SCH006") && text.contains("CUS001"), "{text}");
    assert!(text.contains("manifest.v1.schema.json of the embedded pack cartero"), "{text}");
    assert!(!text.contains("policy-packs/cartero"), "{text}");
}

#[test]
fn a_wrong_entry_of_packs_is_explained() {
    let scripted = repository(&[]);
    for (packs, expected) in [
        ("[cartero]", "write {name: cartero, version: 1.0.0}"),
        ("[{name: cartero}]", "write {name: cartero, version: 1.0.0}"),
        ("[{name: porters}]", "write {name: porters, version: 1.0.0}"),
        ("[{name: carterro, version: 1.0.0}]", "did you mean `cartero`?"),
        ("[{name: registries/krow, version: 1.0.0}]", "did you mean `registries/krew`?"),
        (
            "[{name: dispatch, version: 1.0.0, settings: {paths: rot}}]",
            "expected `catalog` or `root`, found \"rot\"",
        ),
        (
            "[{name: cartero, version: 1.0.0, settings: {version: progam}}]",
            "expected `semver` or `program`, found \"progam\"",
        ),
    ] {
        scripted.write("policy-packs/policy.yaml", format!("schema_version: 1\npacks: {packs}\n"));
        let (status, text) = output(&scripted, "id-plugin", &["doctor"]);
        assert_eq!(status, Some(2), "{packs}: {text}");
        assert!(text.contains(expected), "{packs}: {text}");
    }
}

#[test]
fn an_index_is_written_compared_and_never_another_database() {
    let scripted = with_rules(&[("plugins/a.yaml", &porter("alpha", "load: 11\n"))]);
    let sync = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["sync"].iter().chain(arguments).copied().collect();
        output(&scripted, "id-plugin", &arguments)
    };
    assert_eq!(sync(&["--check"]).0, Some(1), "the index is missing");
    let (status, text) = sync(&[]);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("wrote .id-guard/plugins.sqlite: 1 plugin, 0 capabilities, 1 diagnostic"),
        "{text}"
    );
    assert_eq!(sync(&["--check"]).0, Some(0));
    let bytes = std::fs::read(scripted.path().join(".id-guard/plugins.sqlite")).unwrap();
    assert_eq!(sync(&[]).0, Some(0));
    scripted.write("plugins/b.yaml", porter("beta", ""));
    assert_eq!(sync(&["--check"]).0, Some(1), "a manifest was added");
    // Bytes that no index begins with, and a link to one.
    scripted.write("other.sqlite", "SQLite format 3\0 of another program");
    let other = scripted.path().join("other.sqlite").display().to_string();
    let (status, text) = sync(&["--db", &other]);
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("not an id-guard index"), "{text}");
    assert_eq!(std::fs::read(&other).unwrap(), b"SQLite format 3\0 of another program");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
}

#[test]
fn an_index_is_not_written_through_a_link_to_a_directory() {
    let scripted = with_rules(&[("plugins/a.yaml", &porter("alpha", ""))]);
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), scripted.path().join(".id-guard")).unwrap();
    for arguments in [&["sync"][..], &["sync", "--check"]] {
        let (status, text) = output(&scripted, "id-plugin", arguments);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.contains(".id-guard is not a directory"), "{text}");
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}
