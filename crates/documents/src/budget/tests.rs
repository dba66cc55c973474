//! Tests of reading budgets and results, and of comparing them.

use super::*;

fn shown(source: &str, problems: Vec<Problem>) -> Vec<String> {
    let show =
        |problem: Problem| format!("{} `{}`: {}", problem.pointer, &source[problem.span], problem.message);
    problems.into_iter().map(show).collect()
}

fn budget_problems(source: &str) -> Vec<String> {
    shown(source, read_budgets(source.as_bytes()).1)
}

fn result_problems(source: &str) -> Vec<String> {
    shown(source, read_results(source.as_bytes()).1)
}

#[test]
fn budgets_are_read() {
    let source = r#"{ "suggest": { "p95_ms": 200, "p50_ms": 20.5, "error_rate_percent": 0, "throughput_per_second": 10 }, "a/b": { "memory_mib": 1e2 } }"#;
    let (budgets, problems) = read_budgets(source.as_bytes());
    assert_eq!(problems, []);
    let figure = &budgets["suggest"].measures[&Measure::P50];
    assert_eq!((figure.value, &source[figure.span.clone()]), (20.5, "20.5"));
    assert_eq!(&source[budgets["a/b"].name.clone()], "\"a/b\"");
    assert_eq!(budgets["a/b"].measures[&Measure::Memory].value, 100.0);
}

#[test]
fn invalid_budgets_are_reported() {
    for (source, expected) in [
        ("[]", &[" `[]`: expected a mapping, found an array"][..]),
        ("{\"a\": {}}", &["/a `{}`: `a` has no budget"]),
        ("{\"a\": 1}", &["/a `1`: expected a mapping, found an integer"]),
        ("{\"a\": {\"p95\": 1}}", &["/a/p95 `\"p95\"`: unknown field `p95`"]),
        ("{\"a\": {\"p95_ms\": 0}}", &["/a/p95_ms `0`: expected a number above 0, found 0"]),
        ("{\"a\": {\"p95_ms\": -1}}", &["/a/p95_ms `-1`: expected a number above 0, found -1"]),
        ("{\"a\": {\"p95_ms\": \"1\"}}", &["/a/p95_ms `\"1\"`: expected a number above 0, found \"1\""]),
        (
            "{\"a\": {\"error_rate_percent\": 101}}",
            &["/a/error_rate_percent `101`: expected a number from 0 to 100, found 101"],
        ),
        (
            "{\"a\": {\"p50_ms\": 5, \"p99_ms\": 4, \"max_ms\": 3}}",
            &[
                "/a/p99_ms `4`: p99_ms (4) is less than p50_ms (5)",
                "/a/max_ms `3`: max_ms (3) is less than p99_ms (4)",
            ],
        ),
        ("{\"a\": {\"p95_ms\": 1}, \"a\": {}}", &[" `\"a\"`: duplicate key `a`"]),
        ("", &[" ``: unexpected end of the document: expected a value"]),
    ] {
        assert_eq!(budget_problems(source), expected, "{source}");
    }
}

const RESULT: &str = r#"{ "schema_version": 1, "version": "1.0.0", "content_sha256": "00", "tool": "id-smoke 1",
  "scenarios": [{ "feature": "conformance/behavior/a.feature", "scenario": "x", "status": "passed" }],
  "performance": { "a": { "p95_ms": 300, "memory_mib": 0, "throughput_per_second": 5 }, "c": { "p50_ms": 1 } } }"#;

#[test]
fn results_are_read() {
    let (results, problems) = read_results(RESULT.as_bytes());
    assert_eq!(problems, []);
    let outcome = results.of("conformance/behavior/a.feature", "x").unwrap();
    assert_eq!((outcome.status.value, &RESULT[outcome.status.span.clone()]), (Status::Passed, "\"passed\""));
    assert_eq!(results.of("conformance/behavior/a.feature", "y"), None);
}

#[test]
fn invalid_results_are_reported() {
    let bound = "\"version\": \"1.0.0\", \"content_sha256\": \"00\"";
    let with = |scenarios: &str| format!("{{\"schema_version\": 1, {bound}, \"scenarios\": [{scenarios}]}}");
    let ok = r#"{"feature": "conformance/a", "scenario": "x", "status": "skipped"}"#;
    for (source, expected) in [
        (
            "{}".to_string(),
            &[
                "/schema_version ``: missing field `schema_version`",
                "/version ``: missing field `version`",
                "/content_sha256 ``: missing field `content_sha256`",
            ][..],
        ),
        (
            format!("{{\"schema_version\": 2, {bound}}}"),
            &["/schema_version `2`: expected version 1, found 2"],
        ),
        (
            format!("{{\"schema_version\": 1, {bound}, \"perf\": {{}}}}"),
            &["/perf `\"perf\"`: unknown field `perf`"],
        ),
        (with(&format!("{ok}, {ok}")), &[" `\"x\"`: duplicate scenario `x` in this feature"]),
        (with(&ok.replace("skipped", "ok")), &["/scenarios/0/status `\"ok\"`: `ok` is not a valid status"]),
        (
            with(&ok.replace("conformance/a", "conformance/../a")),
            &[
                "/scenarios/0/feature `\"conformance/../a\"`: `conformance/../a` is not a feature file of the plugin: it contains an empty name, `.` or `..`",
            ],
        ),
        (
            with(&ok.replace("conformance/a", "tests/a")),
            &[
                "/scenarios/0/feature `\"tests/a\"`: `tests/a` is not a feature file of the plugin: it is not inside `conformance/`",
            ],
        ),
        (with("1"), &["/scenarios/0 `1`: expected a mapping, found an integer"]),
    ] {
        assert_eq!(result_problems(&source), expected, "{source}");
    }
}

#[test]
fn violated_budgets_are_found() {
    let budgets = r#"{ "a": { "p50_ms": 10, "p95_ms": 200, "memory_mib": 1, "throughput_per_second": 10 }, "b": { "memory_mib": 5 }, "c": { "p50_ms": 1 } }"#;
    let (budgets, _) = read_budgets(budgets.as_bytes());
    let violations = find_violations(&budgets, &read_results(RESULT.as_bytes()).0);
    let shown: Vec<String> = violations
        .iter()
        .map(|violation| {
            format!("`{}`: {}", &RESULT[violation.problem.span.clone()], violation.problem.message)
        })
        .collect();
    let expected = [
        "`\"a\"`: p50_ms of `a` has a budget but was not measured",
        "`300`: p95_ms of `a` is 300, but its budget is at most 200",
        "`5`: throughput_per_second of `a` is 5, but its budget is at least 10",
        "``: memory_mib of `b` has a budget but was not measured",
    ];
    assert_eq!(shown, expected);
    assert_eq!((violations[1].budget, violations[1].measured), (200.0, Some(300.0)));
}

#[test]
fn hostile_input_gives_one_problem() {
    for what in ["[", "{\"a\":", "\"", "{", "1", "\u{0}"] {
        let source = what.repeat((1 << 20) / what.len());
        assert_eq!((budget_problems(&source).len(), result_problems(&source).len()), (1, 1), "{what}");
    }
    assert_eq!(read_budgets(b"\xff{}").1[0].message, "the document is not UTF-8");
    let many: Vec<String> = (0..1000).map(|at| format!("\"a{at}\": {{}}")).collect();
    let problems = budget_problems(&format!("{{{}}}", many.join(",")));
    assert_eq!(problems.last().unwrap(), " `{}`: 900 more problems are not listed");
}
