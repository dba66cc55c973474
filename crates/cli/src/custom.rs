//! The engine of custom rules: this very program, started again as a process that binds itself.

use diagnostic::{CheckError, Location};
use engine::{CustomInput, CustomResult};
use policy::{PackDocument, Policy, Section, SetTo};
use rego::{Cause, Failure, Input, Job, Level, Limits, Reply, Request, Source};
use serde_json::{Map, Value, json};
use snapshot::RepoPath;

/// The hidden word that makes this program a worker.
pub(crate) const WORKER: &str = "rego-worker";
/// The most documents that one worker is handed.
const SHARE: usize = 2000;

/// Evaluates the custom rules of an entry of a pack.
pub(crate) fn evaluate(
    document: &PackDocument,
    policy: &Policy,
    inputs: &[CustomInput],
) -> Result<Vec<CustomResult>, CheckError> {
    // Who sees all documents at once sees them in one process.
    let share = if document.combine { inputs.len() } else { SHARE };
    let mut results = Vec::new();
    // Without a document it is still asked whether the rules can be evaluated at all.
    let parts = inputs.chunks(share.max(1)).chain(Some(&[][..]).filter(|_| inputs.is_empty()));
    for (at, part) in parts.enumerate() {
        let request = request(document, policy, part);
        let reply = ask(&Job::Evaluate(request)).map_err(check_error)?;
        let Reply::Evaluated(answer) = reply else { continue };
        results.extend(answer.results.into_iter().map(|one| CustomResult {
            input: one.input.map(|input| input + at * share),
            denies: one.level == Level::Deny,
            rule: one.rule,
            name: one.name,
            message: one.message,
            pointer: one.pointer,
            help: one.help,
        }));
    }
    Ok(results)
}

fn request(document: &PackDocument, policy: &Policy, inputs: &[CustomInput]) -> Request {
    let path = |path: &RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    let sources = document.rules.iter().map(|(at, text)| Source { path: path(at), text: text.clone() });
    let inputs = inputs.iter().map(|input| Input {
        path: path(&input.path),
        value: schema::json(&input.value),
        data: input.data.as_ref().map(schema::json),
    });
    let mut data: Vec<Value> = document.data.iter().map(|(_, value)| schema::json(value)).collect();
    data.push(json!({"id_guard": {"policy": values(policy)}}));
    Request {
        sources: sources.collect(),
        data,
        inputs: inputs.collect(),
        namespaces: document.namespaces.clone(),
        combine: document.combine,
    }
}

/// The values of the policy, as rules find them under `data.id_guard.policy`.
fn values(policy: &Policy) -> Value {
    let section = |section: Section| -> Map<String, Value> {
        let values = policy.values.of(section).map(|(name, value, _)| {
            let value = match value {
                SetTo::Truth(truth) => json!(truth),
                SetTo::Number(number) => json!(number),
                SetTo::Presence(required) => json!(policy::presence(*required)),
                SetTo::Names(names) => json!(names),
            };
            (name.to_string(), value)
        });
        values.collect()
    };
    let sections = Section::ALL.map(|of| (of.name().to_string(), Value::Object(section(of))));
    Value::Object(sections.into_iter().collect())
}

/// Starts this program again and hands it a job.
pub(crate) fn ask(job: &Job) -> Result<Reply, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure {
        cause: Cause::Process,
        message: format!("custom rules are not evaluated: this program does not find itself: {error}"),
        place: None,
    })?;
    rego::ask(&program, &[WORKER], job, &Limits::default())
}

/// Why custom rules gave no verdict.
pub(crate) fn check_error(failure: Failure) -> CheckError {
    let help = match failure.cause {
        Cause::Rules => "put the rules right; id-guard policy test runs them",
        Cause::Limit => "make the rules simpler, or match fewer documents",
        Cause::Process => "run it again; where it stays so, id-guard doctor looks at the repository",
    };
    let line = failure.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    CheckError {
        message: format!("custom rules gave no verdict: {line}{}", failure.message),
        help: Some(help.into()),
        location: failure.place.map(|place| Location::of(&RepoPath::from(place.path.as_str()))),
    }
}
