//! Tests of failures: each names the file and the line, and none is a pass.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use common::{evaluate, failure, request};
use rego::{Cause, Failure};
use serde_json::json;

#[test]
fn invalid_rego_is_a_failure() {
    assert_eq!(
        failure("package main\n\ndeny contains msg iff {\n", json!({})),
        "policy/p.rego:3:23: not Rego v1: `if` keyword is required before rule body; and not Rego v0: expecting }",
    );
}

#[test]
fn an_error_is_reported_once() {
    let failure = failure("package main\nimport rego.v1\ndeny contains \"a\" if {{{\n", json!({}));
    assert!(failure.starts_with("policy/p.rego:"), "{failure}");
    assert!(!failure.contains("v0"), "{failure}");
}

#[test]
fn unknown_functions_are_failures() {
    for (call, expected) in [
        ("foo.bar(1)", "unknown function foo.bar"),
        ("crypto.sha256(\"a\")", "unsupported function crypto.sha256: OPA has it, and this program does not"),
        ("time.now(1)", "unknown function time.now"),
        ("lib.check(1)", "unknown function lib.check"),
        ("data.lib.check(1)", "unknown function data.lib.check"),
        (
            "http.send({\"url\": \"x\"})",
            "unknown function http.send: custom rules have no access to a clock, the network or random numbers",
        ),
        (
            "time.now_ns() > 1",
            "unknown function time.now_ns: custom rules have no access to a clock, the network or random numbers",
        ),
        (
            "rand.intn(\"x\", 5) > 1",
            "unknown function rand.intn: custom rules have no access to a clock, the network or random numbers",
        ),
        (
            "opa.runtime().env",
            "unknown function opa.runtime: custom rules have no access to a clock, the network or random numbers",
        ),
        (
            "uuid.rfc4122(\"x\")",
            "unknown function uuid.rfc4122: custom rules have no access to a clock, the network or random numbers",
        ),
        ("input.never; not missing(input)", "unknown function missing"),
        ("every x in [1] { missing(x) }", "unknown function missing"),
        ("count([y | y := missing(1)]) > 0", "unknown function missing"),
    ] {
        let policy =
            format!("package main\nimport rego.v1\nimport data.lib\ndeny contains \"a\" if {{\n  {call}\n}}");
        let failure = failure(&policy, json!({}));
        assert!(
            failure.starts_with("policy/p.rego:5:") && failure.ends_with(&format!(": {expected}")),
            "{failure}"
        );
    }
}

#[test]
fn errors_during_evaluation_are_failures() {
    for (body, expected) in [
        ("x := 1 / input.zero", "divide by zero"),
        ("not startswith(input.zero, \"a\")", "`startswith` expects string argument. Got `0` instead"),
        ("not check(input.zero)", "`startswith` expects string argument. Got `0` instead"),
        ("to_number(\"x\") > 1", "could not parse string as number"),
        ("json.unmarshal(\"{\")", "json"),
    ] {
        let policy = format!(
            "package main\nimport rego.v1\ncheck(x) if startswith(x, \"a\")\ndeny contains \"a\" if {{ {body} }}"
        );
        let failure = failure(&policy, json!({"zero": 0}));
        let place = failure.starts_with("policy/p.rego:4:") || failure.starts_with("policy/p.rego:3:");
        assert!(place && failure.contains(expected), "{failure}");
        assert!(failure.ends_with("(data.main.deny) (plugins/p0.yaml)"), "{failure}");
    }
}

#[test]
fn unsupported_rules_are_failures() {
    for (rules, expected) in [
        ("deny contains msg if { x > 1; msg := \"a\" }", "`x` is unsafe"),
        ("deny contains msg if { msg := nowhere }", "nowhere is unsafe"),
        ("deny contains \"a\" if p\np if q\nq if p", "recursion detected"),
        ("deny := \"a\"\ndeny := \"b\"", "conflicts"),
        ("deny contains 7 if true", "policy/p.rego:3:1: data.main.deny returns 7, which is neither"),
        ("deny contains {\"text\": \"a\"} if true", "returns an object without `msg`"),
        (
            "deny[k] := \"v\" if some k in [\"a\"]",
            "policy/p.rego:3:1: data.main.deny is defined with a longer head",
        ),
        ("deny.host contains \"v\" if true", "is defined with a longer head; write deny contains …"),
        ("deny(x) if x", "has no rule named deny"),
        ("allow if true", "has no rule named deny"),
        (
            "exception contains r if { r := 1 / 0 }\ndeny contains \"a\" if true",
            "divide by zero (data.main.exception)",
        ),
    ] {
        let failure = failure(&format!("package main\nimport rego.v1\n{rules}"), json!({}));
        assert!(failure.contains(expected), "{rules}: {failure}");
    }
}

#[test]
fn conflicting_data_are_failures() {
    let policy = "package main\nimport rego.v1\ndeny contains \"a\" if input.bad";
    let with = |data: &[serde_json::Value]| {
        let mut request = request(&[("p.rego", policy)], &[json!({"bad": true})]);
        request.data = data.to_vec();
        evaluate(&request).map(|answer| answer.results.len()).map_err(|failure: Failure| failure.to_string())
    };
    assert_eq!(
        with(&[json!({"a": {"x": 1}}), json!({"a": {"y": 2, "x": 1}}), json!({"main": {"other": 1}})]),
        Ok(1)
    );
    let twice = with(&[json!({"a": {"x": 1}}), json!({"a": {"x": 2}})]).unwrap_err();
    assert!(twice.starts_with("data document 2: value for key `\"x\"`"), "{twice}");
    let over = with(&[json!({"main": {"deny": []}})]).unwrap_err();
    assert_eq!(over, "p.rego:3:1: the data contains a value at data.main.deny, which is a rule");
    assert_eq!(with(&[json!([])]).unwrap_err(), "data document 1 is not a mapping");
    assert!(with(&[json!({"main": 5})]).is_err());
}

#[test]
fn missing_policies_are_failures() {
    let failure = evaluate(&request(&[], &[json!({})])).unwrap_err();
    assert_eq!((failure.cause, failure.to_string()), (Cause::Rules, "no policy has the package main".into()));
    let mut any = request(&[], &[json!({})]);
    any.namespaces.clear();
    assert_eq!(evaluate(&any).unwrap_err().cause, Cause::Rules);
}
