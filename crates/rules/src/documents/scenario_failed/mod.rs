//! Every scenario was run and passed.

use std::collections::{BTreeMap, BTreeSet};

use artifact::Problem;
use diagnostic::{Diagnostic, Level, RuleInfo};
use documents::budget::{Outcome, RESULTS, Status};
use documents::feature::Feature;
use engine::{Check, Plugin, Rule, StateContext, Text};
use snapshot::Result;

use super::findings::{current_results, problem, report_some, shown};

/// What to do about results that are not as they should be.
const AGAIN: &str = "run the conformance tests again, and commit their results";

/// `DOC009` scenario-failed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCENARIO_FAILED,
        summary: "every scenario was run and passed",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let Some(results) = current_results(state, plugin)? else { continue };
        let features = conformance(plugin, &texts.features);
        let faults: Vec<_> =
            results.read.scenarios.iter().filter_map(|outcome| fault(outcome, &features)).collect();
        report_some(&RULE.info, results, &faults, findings, |(level, fault)| {
            Ok(Diagnostic { level: *level, ..results.to_diagnostic(&RULE.info, fault) })
        })?;
        // Unreadable results prove nothing by what they lack.
        if !results.problems.is_empty() {
            continue;
        }
        for (inside, (feature, _)) in &features {
            let names = feature.read.scenarios.iter().map(|scenario| &scenario.name);
            let has_result = |name: &str| name.is_empty() || results.read.of(inside, name).is_some();
            let unrecorded: Vec<_> = names.filter(|name| !has_result(&name.value)).collect();
            report_some(&RULE.info, feature, &unrecorded, findings, |name| {
                let message =
                    format!("scenario `{}` was not run: {RESULTS} has no result for it", shown(&name.value));
                let finding = feature.to_diagnostic(&RULE.info, &problem(&name.span, message, AGAIN));
                Ok(Diagnostic { level: Level::Warn, ..finding })
            })?;
        }
    }
    Ok(())
}

/// Returns the problem of a result and its level; `None` if the scenario passed.
fn fault(outcome: &Outcome, features: &Features<'_>) -> Option<(Level, Problem)> {
    let (feature, scenario) = (outcome.feature.value.as_str(), outcome.scenario.value.as_str());
    let (file, name) = (shown(feature), shown(scenario));
    let (level, span, message) = match (features.get(feature), outcome.status.value) {
        (None, _) => (
            Level::Deny,
            &outcome.feature.span,
            format!("results reference {file}, which does not exist in the plugin"),
        ),
        // An unreadable feature may contain it.
        (Some((feature, names)), _) if feature.problems.is_empty() && !names.contains(scenario) => (
            Level::Deny,
            &outcome.scenario.span,
            format!("results reference scenario `{name}`, which {file} does not contain"),
        ),
        (_, Status::Passed) => return None,
        (_, Status::Failed) => {
            (Level::Deny, &outcome.status.span, format!("scenario `{name}` of {file} failed"))
        }
        (_, Status::Skipped) => {
            (Level::Warn, &outcome.status.span, format!("scenario `{name}` of {file} was skipped"))
        }
    };
    Some((level, problem(span, message, AGAIN)))
}

/// Features by their paths inside the plugin, each with the names of its scenarios.
type Features<'t> = BTreeMap<&'t str, (&'t Text<Feature>, BTreeSet<&'t str>)>;

/// Returns the features that results may reference.
fn conformance<'t>(plugin: &Plugin, features: &'t [Text<Feature>]) -> Features<'t> {
    let cut = plugin.directory.as_bytes().len() + 1;
    let named = features.iter().filter_map(|feature| {
        let inside = std::str::from_utf8(feature.path.as_bytes().get(cut..)?).ok()?;
        let names = feature.read.scenarios.iter().map(|scenario| scenario.name.value.as_str()).collect();
        inside.starts_with("conformance/").then_some((inside, (feature, names)))
    });
    named.collect()
}
