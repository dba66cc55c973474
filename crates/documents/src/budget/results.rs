//! The results of a conformance run.

use std::collections::BTreeMap;

use artifact::{Fields, Problem, Value};

use super::{Kind, Operations, bounded, operations, parse};
use crate::{Spanned, problem, target};

/// The results of a conformance run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// The version of the plugin that the run was of.
    pub version: Option<Spanned<String>>,
    /// The digest of the content of the plugin that the run was of.
    pub content_sha256: Option<Spanned<String>>,
    /// The outcome of each scenario, in document order.
    pub scenarios: Vec<Outcome>,
    /// The measurements of each operation.
    pub performance: Operations,
    /// The index into `scenarios`, by feature and scenario name.
    index: BTreeMap<(String, String), usize>,
}

/// The outcome of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The feature file, relative to the plugin directory: inside `conformance/`.
    pub feature: Spanned<String>,
    /// The scenario's name.
    pub scenario: Spanned<String>,
    /// The status.
    pub status: Spanned<Status>,
}

/// The status of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every step passed.
    Passed,
    /// A step failed.
    Failed,
    /// It was not run.
    Skipped,
}

impl Results {
    /// Returns the outcome of a scenario; `None` if the results do not contain it.
    #[must_use]
    pub fn of(&self, feature: &str, scenario: &str) -> Option<&Outcome> {
        let index = self.index.get(&(feature.to_string(), scenario.to_string()))?;
        self.scenarios.get(*index)
    }
}

/// Reads the results of a conformance run.
#[must_use]
pub fn read_results(source: &[u8]) -> (Results, Vec<Problem>) {
    let mut problems = Vec::new();
    let results = parse(source, &mut problems).and_then(|value| results(&value, &mut problems));
    (results.unwrap_or_default(), bounded(problems))
}

fn results(value: &Value, problems: &mut Vec<Problem>) -> Option<Results> {
    let mut fields = Fields::of(value, "", problems)?;
    if let Some(version) = fields.required("schema_version")
        && version.as_integer() != Some(1)
    {
        let message = format!("expected version 1, found {}", version.show());
        fields.problem("schema_version", version.span.clone(), message, None);
    }
    let text = |(text, value): (&str, &Value)| Spanned::new(text.to_string(), value.span.clone());
    let mut found = Results {
        version: fields.required_str("version").map(text),
        content_sha256: fields.required_str("content_sha256").map(text),
        ..Results::default()
    };
    // The program that measured: for people.
    fields.optional_str("tool");
    for (at, value) in fields.optional_list("scenarios").unwrap_or_default().iter().enumerate() {
        found.scenarios.extend(outcome(value, &format!("/scenarios/{at}"), fields.problems()));
    }
    if let Some(value) = fields.optional("performance") {
        found.performance = operations(value, "/performance", Kind::Measured, fields.problems());
    }
    fields.finish();
    for (at, outcome) in found.scenarios.iter().enumerate() {
        let name = &outcome.scenario;
        let key = (outcome.feature.value.clone(), name.value.clone());
        if found.index.insert(key, at).is_some() {
            let message = format!("duplicate scenario `{}` in this feature", name.value);
            problems.push(problem(name.span.clone(), message));
        }
    }
    Some(found)
}

fn outcome(value: &Value, pointer: &str, problems: &mut Vec<Problem>) -> Option<Outcome> {
    let mut fields = Fields::of(value, pointer, problems)?;
    let feature = fields.required_str("feature");
    let scenario = fields.required_str("scenario");
    let status = fields.required_str("status");
    let feature = feature.filter(|(path, value)| {
        let reason = target::path_problem(path)
            .or_else(|| (!path.starts_with("conformance/")).then_some("it is not inside `conformance/`"));
        if let Some(reason) = reason {
            let message = format!("`{path}` is not a feature file of the plugin: {reason}");
            fields.problem("feature", value.span.clone(), message, None);
        }
        reason.is_none()
    });
    let status = status.and_then(|(word, value)| {
        let status = match word {
            "passed" => Some(Status::Passed),
            "failed" => Some(Status::Failed),
            "skipped" => Some(Status::Skipped),
            _ => None,
        };
        if status.is_none() {
            let help = Some("use passed, failed or skipped".into());
            fields.problem("status", value.span.clone(), format!("`{word}` is not a valid status"), help);
        }
        status.map(|status| Spanned::new(status, value.span.clone()))
    });
    fields.finish();
    let text = |(text, value): (&str, &Value)| Spanned::new(text.to_string(), value.span.clone());
    Some(Outcome { feature: text(feature?), scenario: text(scenario?), status: status? })
}
