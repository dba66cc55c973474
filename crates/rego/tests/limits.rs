//! Tests of limits: rules that never end, use too much memory, nest too deeply or return too much.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test")]

mod common;

use std::time::{Duration, Instant};

use common::{evaluate, evaluate_within, limits, request};
use rego::{Cause, Failure, Limits, Request};
use serde_json::json;

fn short() -> Limits {
    Limits { time: Duration::from_millis(400), grace: Duration::from_millis(800), ..Limits::default() }
}

fn policy(rules: &str) -> Request {
    request(&[("policy/p.rego", &format!("package main\nimport rego.v1\n{rules}"))], &[json!({})])
}

/// Evaluates rules that exceed a limit, and returns the failure.
fn cut(rules: &str, limits: &Limits) -> Failure {
    let start = Instant::now();
    let failure = evaluate_within(&policy(rules), limits).unwrap_err();
    assert!(start.elapsed() < limits.time + limits.grace + Duration::from_secs(5), "{rules}: {failure}");
    failure
}

#[test]
fn combinatorial_explosions_end_at_the_time_limit() {
    let rules = "n := numbers.range(1, 3000)\n\
                 deny contains \"a\" if { some a in n; some b in n; some c in n; a + b + c == 0 }";
    let failure = cut(rules, &short());
    assert_eq!(failure.cause, Cause::Limit);
    assert_eq!(
        failure.to_string(),
        "the custom rules exceeded their time limit of 400 ms (data.main.deny) (plugins/p0.yaml)"
    );
    let inside = format!(
        "f(x) if {{ {} }}\ndeny contains \"a\" if not f(1)",
        rules.split_once("if {").unwrap().1.trim_end_matches('}')
    );
    let inside = format!("n := numbers.range(1, 3000)\n{inside}");
    assert_eq!(cut(&inside, &short()).cause, Cause::Limit);
}

#[test]
fn the_time_limit_is_for_all_inputs_together() {
    let rules = "n := numbers.range(1, 300)\ndeny contains \"a\" if { some a in n; some b in n; a + b == 0 }";
    let mut many = policy(rules);
    many.inputs = (0..500).map(|_| many.inputs[0].clone()).collect();
    let failure = evaluate_within(&many, &short()).unwrap_err();
    assert_eq!(failure.cause, Cause::Limit, "{failure}");
}

#[test]
fn functions_without_a_time_check_are_killed() {
    // A product of many matrices of one builtin: the timer is not asked while it runs.
    let mut rules = String::from("x0 := 99999999999999999999999\n");
    for index in 1..24 {
        rules += &format!("x{index} := x{0} * x{0}\n", index - 1);
    }
    rules += "deny contains sprintf(\"%v\", [x23]) if true";
    let failure = cut(&rules, &short());
    assert_eq!(failure.cause, Cause::Limit, "{failure}");
}

#[test]
fn memory_bombs_hit_the_memory_limit() {
    let small = Limits { memory: 256 << 20, ..limits() };
    let mut doubling = String::from("s0 := \"0123456789abcdef\"\n");
    for index in 1..12 {
        let last = format!("s{}", index - 1);
        doubling += &format!("s{index} := concat(\"\", [{}])\n", [last.as_str(); 8].join(", "));
    }
    for rules in [
        "deny contains \"a\" if count(numbers.range(1, 100000000)) == 0".to_string(),
        "deny contains \"a\" if count({[a, b] | some a in numbers.range(1, 9999); some b in numbers.range(1, 9999)}) == 0".into(),
        format!("{doubling}deny contains \"a\" if count(s11) == 0"),
    ] {
        let failure = cut(&rules, &small);
        assert_eq!(failure.to_string(), "the custom rules need more than 256 MiB of memory", "{rules}");
        assert_eq!(failure.cause, Cause::Limit);
    }
}

#[test]
fn endless_recursion_hits_the_stack_limit() {
    let failure = cut("f(x) := f(x + 1)\ndeny contains \"a\" if f(1) == 1", &limits());
    assert_eq!(failure.to_string(), "the custom rules or their inputs nest or recurse too deeply");
}

#[test]
fn deeply_nested_policies_are_refused_before_parsing() {
    let failure =
        cut(&format!("deny contains {}1{} if true", "[".repeat(100_000), "]".repeat(100_000)), &limits());
    assert_eq!(failure.to_string(), "policy/p.rego:3:79: brackets are nested more than 64 levels deep");
    // Chains have no brackets to count: the engine's own bound, or the end of the process.
    for chain in [
        format!("deny contains \"a\" if {}true", "not ".repeat(5000)),
        format!("deny contains \"a\" if {}1 == 0", "1 +\n".repeat(100_000)),
        format!("deny contains \"a\" if {}1 == 0", "-".repeat(5000)),
    ] {
        assert!(evaluate_within(&policy(&chain), &limits()).is_err(), "{}", &chain[..60]);
    }
}

#[test]
fn long_chains_of_keys_are_not_nested() {
    for keys in [".a".repeat(3000), "[0]".repeat(2000)] {
        let answer = evaluate(&policy(&format!("deny contains \"a\" if input{keys} == 0"))).unwrap();
        assert_eq!((answer.results.len(), answer.queries), (0, 1));
    }
}

#[test]
fn deeply_nested_documents_are_refused() {
    let deep = (0..65).fold(json!(1), |inner, _| json!({"a": inner}));
    let mut with_input = policy("deny contains \"a\" if input.a");
    with_input.inputs[0].value = deep.clone();
    assert_eq!(
        evaluate(&with_input).unwrap_err().to_string(),
        "plugins/p0.yaml: nested more than 64 levels deep"
    );
    let mut with_data = policy("deny contains \"a\" if input.a");
    with_data.data = vec![deep["a"].clone(), json!({"b": 1})];
    assert!(evaluate(&with_data).is_ok());
    with_data.data = vec![deep];
    assert_eq!(
        evaluate(&with_data).unwrap_err().to_string(),
        "data document 1: nested more than 64 levels deep"
    );
}

#[test]
fn too_long_policies_are_refused() {
    let long = format!("# {}\n", "x".repeat(1 << 20));
    assert_eq!(
        evaluate(&policy(&long)).unwrap_err().to_string(),
        "policy/p.rego: the policy is larger than 1048576 bytes"
    );
    let half = format!("package q\n# {}\n", "x\n# ".repeat(200_000));
    let mut many = policy("deny contains \"a\" if true");
    many.sources.extend((0..12).map(|n| rego::Source { path: format!("{n}.rego"), text: half.clone() }));
    assert!(evaluate(&many).unwrap_err().to_string().contains("8388608"));
    let mut odd = policy("deny contains \"a\" if true");
    odd.sources[0].path = "a\nb.rego".into();
    assert_eq!(evaluate(&odd).unwrap_err().cause, Cause::Rules);
    let mut heavy = policy("deny contains \"a\" if true");
    heavy.inputs[0].value = json!("x".repeat(65 << 20));
    assert_eq!(evaluate(&heavy).unwrap_err().cause, Cause::Limit);
}

#[test]
fn too_large_results_are_refused() {
    let rules = "deny contains sprintf(\"%s %d\", [input.text, x]) if some x in numbers.range(1, 10000)";
    let mut much = policy(rules);
    much.inputs[0].value = json!({"text": "x".repeat(1000)});
    let count = evaluate(&much).unwrap().results.len();
    assert_eq!(count, 10_000);
    let failure = evaluate_within(&much, &Limits { answer: 1 << 20, ..limits() }).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the results of the custom rules are larger than an answer may be (data.main.deny)"
    );
    // Just within the limit as text, but larger as JSON.
    let edge = Limits { answer: 10_300_000, ..limits() };
    assert_eq!(evaluate_within(&much, &edge).unwrap_err().cause, Cause::Limit);
}
