//! Helpers for the tests: the worker, and short constructors for jobs.
#![allow(dead_code, clippy::unwrap_used, reason = "not every test uses every helper")]

use std::path::PathBuf;
use std::time::Duration;

use rego::{Answer, Failure, Input, Job, Limits, Reply, Request, Source, TestResult, ask};
use serde_json::Value;

/// The worker, an example that cargo builds with the tests: from `target/debug/deps/TEST` to `target/debug/examples`.
pub(crate) fn worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let worker = test.ancestors().nth(2).unwrap().join("examples/rego-worker");
    assert!(worker.exists(), "{} does not exist: run `cargo build -p rego --examples`", worker.display());
    worker
}

pub(crate) fn limits() -> Limits {
    Limits { time: Duration::from_secs(10), grace: Duration::from_secs(10), ..Limits::default() }
}

pub(crate) fn sources(texts: &[(&str, &str)]) -> Vec<Source> {
    let source = |(path, text): &(&str, &str)| Source { path: path.to_string(), text: text.to_string() };
    texts.iter().map(source).collect()
}

pub(crate) fn request(texts: &[(&str, &str)], inputs: &[Value]) -> Request {
    let input = |(index, value): (usize, &Value)| Input {
        path: format!("plugins/p{index}.yaml"),
        value: value.clone(),
        data: None,
    };
    Request::new(sources(texts), inputs.iter().enumerate().map(input).collect())
}

pub(crate) fn evaluate_within(request: &Request, limits: &Limits) -> Result<Answer, Failure> {
    match ask(&worker(), &[], &Job::Evaluate(request.clone()), limits)? {
        Reply::Evaluated(answer) => Ok(answer),
        Reply::Tested(_) => panic!("the reply is of another kind"),
    }
}

pub(crate) fn evaluate(request: &Request) -> Result<Answer, Failure> {
    evaluate_within(request, &limits())
}

pub(crate) fn verify(texts: &[(&str, &str)], data: &[Value]) -> Result<Vec<TestResult>, Failure> {
    let job = Job::Test { sources: sources(texts), data: data.to_vec() };
    match ask(&worker(), &[], &job, &limits())? {
        Reply::Tested(results) => Ok(results),
        Reply::Evaluated(_) => panic!("the reply is of another kind"),
    }
}

/// The results as lines: input, level, rule, message, pointer, help.
pub(crate) fn lines(answer: &Answer) -> Vec<String> {
    let line = |result: &rego::PolicyResult| {
        let input = result.input.map_or("-".into(), |index| index.to_string());
        let mut line = format!("{input} {:?} {}: {}", result.level, result.rule, result.message);
        if let Some(pointer) = &result.pointer {
            line += &format!(" @{pointer}");
        }
        if let Some(help) = &result.help {
            line += &format!(" ?{help}");
        }
        line
    };
    answer.results.iter().map(line).collect()
}

/// Evaluates policies on inputs, and returns the results as lines.
pub(crate) fn results(texts: &[(&str, &str)], inputs: &[Value]) -> Vec<String> {
    lines(&evaluate(&request(texts, inputs)).unwrap())
}

/// Evaluates a policy on one input, and returns why this fails.
pub(crate) fn failure(text: &str, input: Value) -> String {
    evaluate(&request(&[("policy/p.rego", text)], &[input])).unwrap_err().to_string()
}
