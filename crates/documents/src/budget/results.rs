//! The results of a conformance run.

use std::collections::BTreeMap;

use artifact::{Fields, Problem, Value};

use super::{Kind, Operations, bounded, operations, parse};
use crate::{At, problem, target};

/// What a conformance run found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// How each scenario went, in order.
    pub scenarios: Vec<Outcome>,
    /// What was measured of each operation.
    pub performance: Operations,
    /// Where a scenario stands, by its feature and name.
    places: BTreeMap<(String, String), usize>,
}

/// How a scenario went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The feature's file, relative to the plugin's folder: below `conformance/`.
    pub feature: At<String>,
    /// The scenario's name.
    pub scenario: At<String>,
    /// How it went.
    pub status: At<Status>,
}

/// How a scenario went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// As it says.
    Passed,
    /// Otherwise.
    Failed,
    /// It was not run.
    Skipped,
}

impl Results {
    /// Returns how a scenario went; `None` if it is not told of.
    #[must_use]
    pub fn of(&self, feature: &str, scenario: &str) -> Option<&Outcome> {
        let place = self.places.get(&(feature.to_string(), scenario.to_string()))?;
        self.scenarios.get(*place)
    }
}

/// Reads the results of a conformance run, whose places are in the source.
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
        let message = format!("expected the version 1, found {}", version.show());
        fields.problem("schema_version", version.span.clone(), message, None);
    }
    let mut found = Results::default();
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
        if found.places.insert(key, at).is_some() {
            let message = format!("the scenario `{}` of this feature stands twice", name.value);
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
        let reason = target::refused(path).or_else(|| {
            (!path.starts_with("conformance/")).then_some("it does not lie below `conformance/`")
        });
        if let Some(reason) = reason {
            let message = format!("`{path}` is no feature of the plugin: {reason}");
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
            let help = Some("passed, failed or skipped".into());
            fields.problem("status", value.span.clone(), format!("`{word}` is no status"), help);
        }
        status.map(|status| At::new(status, value.span.clone()))
    });
    fields.finish();
    let text = |(text, value): (&str, &Value)| At::new(text.to_string(), value.span.clone());
    Some(Outcome { feature: text(feature?), scenario: text(scenario?), status: status? })
}
