//! Packs with custom rules in the style of conftest users, evaluated by the real engine in a worker process.

use crate::support::{check, run};
use scripted::Scripted;

/// Rules in the style of conftest users, independent of this program.
const RULES: [(&str, &str); 6] = [
    (
        "images.rego",
        "package main\n\nimport rego.v1\nimport data.lib.names\n\ndeny contains msg if {\n  some container in input.spec.template.spec.containers\n  endswith(container.image, \":latest\")\n  msg := sprintf(\"container %q of %s %q pulls %s\", [container.name, lower(input.kind), names.of(input), container.image])\n}\n",
    ),
    (
        "lib/names.rego",
        "package lib.names\n\nimport rego.v1\n\nof(resource) := resource.metadata.name if resource.metadata.name\n\nelse := \"nameless\"\n",
    ),
    (
        "old.rego",
        "package main\n\nis_deployment {\n  input.kind == \"Deployment\"\n}\n\ndeny[msg] {\n  is_deployment\n  not input.spec.template.spec.securityContext.runAsNonRoot\n  msg = \"containers must not run as root\"\n}\n\nwarn[msg] {\n  is_deployment\n  input.spec.replicas < 2\n  msg := \"one replica is not enough\"\n}\n",
    ),
    (
        "labels.rego",
        "package main\n\nimport future.keywords.contains\nimport future.keywords.every\nimport future.keywords.if\nimport future.keywords.in\n\nrequired := {\"app\", \"team\"}\n\nviolation contains {\"msg\": msg, \"details\": {\"missing\": missing}} if {\n  provided := {label | input.metadata.labels[label]}\n  missing := required - provided\n  count(missing) > 0\n  msg := sprintf(\"labels are missing: %v\", [missing])\n}\n",
    ),
    (
        "registries.rego",
        "package main\n\nimport rego.v1\n\ndeny_registry contains {\"msg\": msg, \"path\": [\"spec\", \"template\", \"spec\", \"containers\", at, \"image\"]} if {\n  some at, container in input.spec.template.spec.containers\n  registry := split(container.image, \"/\")[0]\n  not registry in data.registries.allowed\n  msg := sprintf(\"%s is not an allowed registry\", [registry])\n}\n",
    ),
    (
        "exceptions.rego",
        "package main\n\nimport rego.v1\n\nexception contains rules if {\n  input.metadata.name == \"legacy\"\n  rules := [\"registry\"]\n}\n",
    ),
];

const BAD: &str = "kind: Deployment\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: main\n          image: \"docker.example/web:latest\"\n";
const GOOD: &str = "kind: Deployment\nmetadata:\n  name: web\n  labels:\n    app: web\n    team: pages\nspec:\n  replicas: 2\n  template:\n    spec:\n      securityContext:\n        runAsNonRoot: true\n      containers:\n        - name: main\n          image: \"registry.example/web:1.2.0\"\n";

/// A repository whose policy has a pack with custom rules; a branch is checked out.
fn governed(rules: &[(&str, &str)]) -> Scripted {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks:\n  - name: house\n    version: 1.0.0\n",
    );
    let pack = "schema_version: 1\nname: house\nversion: 1.0.0\ndocuments:\n  - match: deploy/*.yaml\n    data: [data/registries.yaml]\n";
    scripted.write("policy-packs/house/pack.yaml", pack);
    scripted.write("policy-packs/house/data/registries.yaml", "registries:\n  allowed: [registry.example]\n");
    for (path, text) in rules {
        scripted.write(format!("policy-packs/house/rules/{path}"), text);
    }
    scripted.commit("policy");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted
}

fn messages(scripted: &Scripted) -> Vec<String> {
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    let findings = checked.report["findings"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    findings
        .iter()
        .map(|finding| {
            let line = &finding["span"]["start"]["line"];
            format!("{} {}: {}", text(&finding["code"]), line, text(&finding["message"]))
        })
        .collect()
}

#[test]
fn policies_of_conftest_users_run_unchanged() {
    let scripted = governed(&RULES);
    scripted.write("deploy/web.yaml", BAD);
    scripted.commit("bad");
    let mut found = messages(&scripted);
    found.sort();
    assert_eq!(
        found,
        [
            "CUS001 12: docker.example is not an allowed registry",
            "CUS001 null: container \"main\" of deployment \"web\" pulls docker.example/web:latest",
            "CUS001 null: containers must not run as root",
            "CUS001 null: labels are missing: {\"team\"}",
            "CUS002 null: one replica is not enough",
        ]
    );
    scripted.write("deploy/web.yaml", GOOD);
    scripted.commit("good");
    assert_eq!(messages(&scripted), Vec::<String>::new());
    let legacy = GOOD.replace("name: web\n", "name: legacy\n").replace("registry.example", "other.example");
    scripted.write("deploy/web.yaml", legacy);
    scripted.commit("excepted");
    assert_eq!(messages(&scripted), Vec::<String>::new());
}

#[test]
fn a_change_is_not_checked_by_its_own_rules() {
    let scripted = governed(&RULES);
    scripted.write("policy-packs/house/rules/old.rego", "package main\n");
    scripted.write("deploy/web.yaml", BAD);
    scripted.commit("bad, and softer rules");
    assert!(messages(&scripted).iter().any(|message| message.contains("must not run as root")));
}

#[test]
fn rules_that_cannot_be_evaluated_never_pass() {
    let endless = "package main\n\nimport rego.v1\n\ndeny contains msg if {\n  some a in numbers.range(1, 5000)\n  some b in numbers.range(1, 5000)\n  some c in numbers.range(1, 5000)\n  a * b * c == -1\n  msg := \"never\"\n}\n";
    let broken = "package main\n\ndeny contains msg if {\n";
    let absent = "package main\n\nimport rego.v1\n\ndeny contains \"x\" if http.send({\"url\": \"https://example.org\", \"method\": \"GET\"}).status_code == 200\n";
    for (rules, why) in
        [(endless, "exceeded their time limit"), (broken, "rules.rego:"), (absent, "http.send")]
    {
        let scripted = governed(&[("rules.rego", rules)]);
        scripted.write("deploy/web.yaml", GOOD);
        scripted.commit("good");
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        assert_eq!(checked.status, 2, "{}", checked.report);
        assert!(checked.errors().contains("custom rules gave no verdict"), "{}", checked.errors());
        assert!(checked.errors().contains(why), "{why}: {}", checked.errors());
    }
}

#[test]
fn a_pack_runs_its_own_tests() {
    let mut rules = RULES.to_vec();
    rules.push((
        "old_test.rego",
        "package main\n\nimport rego.v1\n\ntest_root_is_denied if {\n  \"containers must not run as root\" in deny with input as {\"kind\": \"Deployment\"}\n}\n\ntest_others_are_not if {\n  count(deny) == 0 with input as {\"kind\": \"Service\"}\n}\n",
    ));
    let scripted = governed(&rules);
    let output = run("id-guard", scripted.path(), &["policy", "test"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("passed  data.main.test_root_is_denied"), "{text}");
    assert!(text.ends_with("2 tests of 1 packs: 0 failed, 0 skipped\n"), "{text}");
    scripted.write("policy-packs/house/rules/more_test.rego", "package main\n\ntest_wrong if false\n");
    let output = run("id-guard", scripted.path(), &["policy", "test", "house"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_preview_lists_new_and_cleared_findings() {
    let scripted = governed(&RULES);
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.write("deploy/web.yaml", BAD);
    scripted.commit("bad, pushed past the gate");
    let policy = "schema_version: 1\npacks:\n  - name: house\n    version: 1.0.0\nlevels:\n  custom-warned: deny\n  custom-denied: allow\n";
    scripted.write("policy-packs/policy.yaml", policy);
    let output = run("id-guard", scripted.path(), &["policy", "preview", "--merges", "1"]);
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.contains("the whole repository:\n") && output.contains("merge "), "{output}");
    assert!(
        output.contains("warn → deny  CUS002 custom-warned  deploy/web.yaml  one replica is not enough"),
        "{output}"
    );
    assert!(output.contains("deny → nothing  CUS001 custom-denied"), "{output}");
    assert!(
        output.ends_with(
            "checked the whole repository and 1 merge of HEAD: 2 added or raised, 8 removed or lowered\n"
        ),
        "{output}"
    );
}

#[test]
fn a_pack_is_pinned_by_the_digest_of_its_directory() {
    let scripted = governed(&RULES);
    let pins = run("id-guard", scripted.path(), &["policy", "pin"]);
    let pins = String::from_utf8_lossy(&pins.stdout).into_owned();
    scripted.write("policy-packs/policy.yaml", format!("schema_version: 1\n{pins}"));
    scripted.commit("pin");
    scripted.git(&["branch", "--force", "main"]);
    scripted.write("deploy/web.yaml", GOOD);
    scripted.commit("good");
    assert_eq!(check(scripted.path(), &["check", "--base", "main"]).status, 0);
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.write("policy-packs/house/rules/old.rego", "package main\n");
    scripted.commit("softer");
    scripted.git(&["switch", "--quiet", "change"]);
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("but the policy pins"), "{}", checked.errors());
}

#[test]
fn an_invalid_pack_is_refused_before_it_is_merged() {
    let scripted = governed(&RULES);
    let pack = "schema_version: 1\nname: house\nversion: 1.1.0\ndocuments:\n  - match: deploy/*.yaml\n    data: [data/registries.yaml]\n";
    let policy = "schema_version: 1\npacks:\n  - name: house\n    version: 1.1.0\n";
    for (path, text, why) in [
        ("rules/old.rego", "package main\n\ndeny contains msg if {{\n", "custom rules gave no verdict"),
        ("rules/old.rego", "package main\n\nimport rego.v1\n\ndeny contains \"x\" if nosuch(1)\n", "nosuch"),
        ("data/registries.yaml", "registries: [\n", "unclosed"),
        (
            "rules/old.rego",
            "package main\n\nimport rego.v1\n\ndeny contains \"x\" if input.spec.replicas / 0 == 1\n",
            "by zero",
        ),
    ] {
        scripted.git(&["reset", "--quiet", "--hard", "main"]);
        scripted.write("policy-packs/policy.yaml", policy);
        scripted.write("policy-packs/house/pack.yaml", pack);
        scripted.write(format!("policy-packs/house/{path}"), text);
        scripted.write("deploy/web.yaml", GOOD);
        scripted.commit("a pack that cannot be evaluated");
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        assert_eq!(checked.status, 1, "{}", checked.report);
        let output = checked.report["findings"].to_string();
        assert!(output.contains("POL003") && output.contains(why), "{why}: {output}");
    }
}

#[test]
fn missing_rules_of_a_pack_are_reported() {
    let scripted = governed(&RULES);
    let pack = "schema_version: 1\nname: house\nversion: 1.0.0\ndocuments:\n  - match: deploy/*.yaml\n    rules: [rules/old.rego, rules/odl.rego]\n";
    scripted.write("policy-packs/house/pack.yaml", pack);
    let output = run("id-guard", scripted.path(), &["policy", "show"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("no rule files of the pack match \"rules/odl.rego\"")
    );
}

#[test]
fn every_pin_is_printed() {
    let scripted = governed(&RULES);
    let zeros = "0".repeat(64);
    let policy =
        format!("schema_version: 1\npacks:\n  - name: house\n    version: 9.0.0\n    sha256: \"{zeros}\"\n");
    scripted.write("policy-packs/policy.yaml", policy);
    let output = run("id-guard", scripted.path(), &["policy", "pin"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("version: 1.0.0") && !text.contains(&zeros), "{text}");
}
