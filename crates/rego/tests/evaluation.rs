//! Tests of evaluation: which rules are selected, which values they may have, and how exceptions work.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use common::{evaluate, lines, request, results};
use serde_json::json;

#[test]
fn exceptions_exempt_a_rule_for_an_input() {
    for exception in [
        "exception contains rules if { input.legacy; rules := [\"host\", \"\"] }",
        "exception[rules] { input.legacy; rules := [\"host\", \"deny\"] }",
    ] {
        let policy = format!(
            "package main\nimport future.keywords\n{exception}\n\
             deny_host contains \"h\" if true\nviolation_host contains \"v\" if true\nwarn_host contains \"w\" if true\n\
             deny_port contains \"p\" if true\ndeny contains \"d\" if true\n"
        );
        let request = request(&[("policy/e.rego", &policy)], &[json!({"legacy": true}), json!({})]);
        let answer = evaluate(&request).unwrap();
        let expected = [
            "0 Deny data.main.deny_port: p",
            "1 Deny data.main.deny: d",
            "1 Deny data.main.deny_host: h",
            "1 Deny data.main.deny_port: p",
            "1 Deny data.main.violation_host: v",
            "1 Warn data.main.warn_host: w",
        ];
        assert_eq!(lines(&answer), expected, "{exception}");
        assert_eq!((answer.queries, answer.exempted), (10, 4));
    }
}

#[test]
fn true_and_strings_are_results() {
    let policy = "package main\nimport rego.v1\ndefault deny := false\ndeny if input.bad\n\
                  deny_text := \"because\" if input.bad\nwarn_list := [m | input.bad; m := \"one\"]\n\
                  deny_else := \"low\" if { input.n < 1 } else := \"high\" if { input.n > 9 }\n\
                  deny_blank contains \"\" if input.bad\n";
    assert_eq!(
        results(&[("p.rego", policy)], &[json!({"bad": true, "n": 10}), json!({"n": 5})]),
        [
            "0 Deny data.main.deny: data.main.deny is true",
            "0 Deny data.main.deny_blank: data.main.deny_blank is true",
            "0 Deny data.main.deny_else: high",
            "0 Deny data.main.deny_text: because",
            "0 Warn data.main.warn_list: one",
        ]
    );
}

#[test]
fn only_requested_packages_are_evaluated() {
    let texts = [
        ("a.rego", "package main\nimport rego.v1\ndeny contains \"m\" if true"),
        ("b.rego", "package team.web\ndeny[\"w\"] { true }"),
        ("c.rego", "package team[\"x.y\"]\nimport rego.v1\nwarn contains \"x\" if true"),
        ("e.rego", "package team.x.y\nimport rego.v1\nwarn contains \"y\" if true"),
        ("d.rego", "package lib\nhelper = 1"),
    ];
    let of = |namespaces: &[&str]| {
        let mut request = request(&texts, &[json!({})]);
        request.namespaces = namespaces.iter().map(ToString::to_string).collect();
        evaluate(&request).map(|answer| lines(&answer)).map_err(|failure| failure.to_string())
    };
    let (main, web, odd) = (
        "0 Deny data.main.deny: m".to_string(),
        "0 Deny data.team.web.deny: w".to_string(),
        "0 Warn data.team[\"x.y\"].warn: x".to_string(),
    );
    // Two packages of one name: neither hides the other.
    let dotted = "0 Warn data.team.x.y.warn: y".to_string();
    assert_eq!(of(&["main"]), Ok(vec![main.clone()]));
    assert_eq!(of(&["team.web", "main", "main"]), Ok(vec![main.clone(), web.clone()]));
    assert_eq!(of(&["team.x.y"]), Ok(vec![dotted.clone(), odd.clone()]));
    assert_eq!(of(&[]), Ok(vec![main, web, dotted, odd]));
    assert_eq!(of(&["lib"]), Err("package lib has no rule named deny, violation or warn".into()));
    assert_eq!(of(&["mian"]), Err("no policy has the package mian".into()));
}

#[test]
fn the_current_file_is_visible() {
    let policy = "package main\nimport rego.v1\n\
                  deny contains msg if { f := data.conftest.file; msg := concat(\"|\", [f.dir, f.name]) }\n\
                  deny contains \"other data stay\" if data.zone == 1\n";
    let mut request = request(&[("p.rego", policy)], &[json!({}), json!({})]);
    request.data = vec![json!({"zone": 1})];
    request.inputs[1].path = "top.yaml".into();
    assert_eq!(
        lines(&evaluate(&request).unwrap()),
        [
            "0 Deny data.main.deny: other data stay",
            "0 Deny data.main.deny: plugins|p0.yaml",
            "1 Deny data.main.deny: .|top.yaml",
            "1 Deny data.main.deny: other data stay",
        ]
    );
}

#[test]
fn results_have_the_location_of_the_rule_and_print_is_discarded() {
    let policy =
        "package main\nimport rego.v1\n\ndeny contains \"a\" if {\n  print(\"looking at\", input)\n}\n";
    let answer = evaluate(&request(&[("policy/p.rego", policy)], &[json!({})])).unwrap();
    assert_eq!(answer.results[0].place.to_string(), "policy/p.rego:4:1");
}

#[test]
fn the_same_job_gives_the_same_bytes() {
    let mut policy = String::from("package main\nimport rego.v1\n");
    for index in 0..40 {
        policy += &format!("deny_r{index} contains sprintf(\"%v\", [helper{index}[_]]) if true\n");
        policy += &format!("helper{index} := {{x: y | some x, y in input.m; x != \"k{index}\"}}\n");
    }
    let map: serde_json::Map<_, _> = (0..50).map(|n| (format!("k{n}"), json!(n))).collect();
    let request = request(&[("p.rego", &policy)], &[json!({"m": map}), json!({"m": {"b": 1, "a": [2, 1]}})]);
    let first = evaluate(&request).unwrap();
    assert!(first.results.len() > 1000);
    for _ in 0..3 {
        assert_eq!(evaluate(&request).unwrap(), first);
    }
}

#[test]
fn integers_of_any_length_are_exact() {
    let policy = "package main\nimport rego.v1\n\
                  deny contains \"equal\" if input.id == 9007199254740993\n\
                  deny contains \"other\" if input.id != 9007199254740993\n\
                  deny contains \"less\" if input.id < 9007199254740993\n\
                  deny contains \"sum\" if input.id + 1 == 9007199254740994\n\
                  deny contains \"long\" if input.long == 340282366920938463463374607431768211457\n\
                  deny contains \"listed\" if input.id in {9007199254740992, 9007199254740994}\n";
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let inputs = [
        read(r#"{"id": 9007199254740993, "long": 340282366920938463463374607431768211457}"#),
        read(r#"{"id": 9007199254740992, "long": 340282366920938463463374607431768211456}"#),
    ];
    assert_eq!(
        results(&[("p.rego", policy)], &inputs),
        [
            "0 Deny data.main.deny: equal",
            "0 Deny data.main.deny: long",
            "0 Deny data.main.deny: sum",
            "1 Deny data.main.deny: less",
            "1 Deny data.main.deny: listed",
            "1 Deny data.main.deny: other",
        ]
    );
}

#[test]
fn numbers_that_would_be_rounded_are_refused() {
    let policy = "package main\nimport rego.v1\ndeny contains \"d\" if input.a == 0.3\n";
    let input = serde_json::from_str(r#"{"list": [0.30000000000000000001]}"#).unwrap();
    let failure = evaluate(&request(&[("p.rego", policy)], &[input])).unwrap_err().to_string();
    assert!(
        failure.contains("/list/0: the number 0.30000000000000000001 cannot be compared exactly"),
        "{failure}"
    );
    let policy = policy.replace("0.3", "0.30000000000000000001");
    let failure = evaluate(&request(&[("p.rego", &policy)], &[json!({})])).unwrap_err().to_string();
    assert!(failure.starts_with("p.rego:3:"), "{failure}");
    assert!(failure.contains("the number 0.30000000000000000001 cannot be compared exactly"), "{failure}");
}

#[test]
fn pure_functions_of_opa_are_available() {
    let policy = "package main\nimport rego.v1\n\
                  deny contains \"parsed\" if time.parse_rfc3339_ns(\"1970-01-01T00:00:01Z\") == 1000000000\n\
                  deny contains \"date\" if time.date(1000000000) == [1970, 1, 1]\n\
                  deny contains \"weekday\" if time.weekday(0) == \"Thursday\"\n\
                  deny contains \"duration\" if time.parse_duration_ns(\"1h\") == 3600000000000\n\
                  deny contains \"network\" if net.cidr_contains(\"10.0.0.0/8\", \"10.1.1.1\")\n\
                  deny contains \"size\" if count(net.cidr_expand(\"192.0.2.0/30\")) == 4\n";
    let found = results(&[("p.rego", policy)], &[json!({})]);
    assert_eq!(found.len(), 6, "{found:?}");
}
