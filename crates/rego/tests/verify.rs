//! Tests of the tests of policies.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use common::verify;
use serde_json::json;

const POLICY: &str = r#"
package main
import rego.v1

deny contains msg if {
    not input.host in data.hosts
    msg := sprintf("%s is not allowed", [input.host])
}
"#;

const TESTS: &str = r#"
package main

test_allows {
    count(deny) == 0 with input as {"host": "a"}
}

test_denies {
    deny["z is not allowed"] with input as {"host": "z"}
}

test_other_data {
    count(deny) == 0 with input as {"host": "z"} with data.hosts as ["z"]
}

test_mocked {
    count([1]) == 9 with count as mock_count
}

mock_count(_) = 9

test_undefined {
    count(deny) == 7 with input as {"host": "a"}
}

test_false = false

test_error {
    startswith(1, "a")
}

todo_test_later {
    false
}

not_a_test {
    false
}
"#;

#[test]
fn each_test_passes_fails_or_is_skipped() {
    let results =
        verify(&[("policy/p.rego", POLICY), ("policy/p_test.rego", TESTS)], &[json!({"hosts": ["a"]})])
            .unwrap();
    let lines: Vec<String> = results
        .iter()
        .map(|result| {
            let state = if result.skipped {
                "skip"
            } else if result.passed {
                "pass"
            } else {
                "fail"
            };
            format!(
                "{state} {}:{} {} {:?}",
                result.path,
                result.line,
                result.name,
                result.note.as_deref().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "pass policy/p_test.rego:4 data.main.test_allows \"\"",
            "pass policy/p_test.rego:8 data.main.test_denies \"\"",
            "fail policy/p_test.rego:28 data.main.test_error \"policy/p_test.rego:29:16: `startswith` expects string argument. Got `1` instead (data.main.test_error)\"",
            "fail policy/p_test.rego:26 data.main.test_false \"false\"",
            "pass policy/p_test.rego:16 data.main.test_mocked \"\"",
            "pass policy/p_test.rego:12 data.main.test_other_data \"\"",
            "fail policy/p_test.rego:22 data.main.test_undefined \"undefined\"",
            "skip policy/p_test.rego:32 data.main.todo_test_later \"\"",
        ]
    );
}

#[test]
fn tests_of_all_packages_run() {
    let tests = "package main_test\nimport rego.v1\nimport data.main\n\
                 test_one if { \"z is not allowed\" in main.deny with input as {\"host\": \"z\"} }\n";
    let results = verify(&[("p.rego", POLICY), ("t.rego", tests)], &[json!({"hosts": []})]).unwrap();
    assert!(results.len() == 1 && results[0].passed, "{results:?}");
}

#[test]
fn an_invalid_policy_is_a_failure_of_the_run() {
    assert!(verify(&[("p.rego", "package"), ("t.rego", TESTS)], &[]).is_err());
    assert!(verify(&[("t.rego", "package t\ntest_x { missing(1) }")], &[]).is_err());
    assert_eq!(verify(&[("p.rego", POLICY)], &[]), Ok(vec![]));
}
