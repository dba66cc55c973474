//! Every operation has a scenario, if the policy requires it.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use documents::feature::Feature;
use engine::{Check, Rule, StateContext, Text};
use policy::Section;
use snapshot::Result;

/// `DOC011` scenario-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCENARIO_MISSING,
        summary: "every operation has a scenario, if the policy requires it",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(frozen), Some(spec)) = (&texts.frozen, &plugin.spec) else { continue };
        if !frozen.requires(Section::Quality, "scenarios") {
            continue;
        }
        let words: BTreeSet<&str> = texts.features.iter().flat_map(words).collect();
        let unnamed =
            plugin.operations().into_iter().filter(|operation| !words.contains(operation.name.as_str()));
        findings.extend(unnamed.map(|operation| {
            let name = &operation.name;
            Diagnostic::new(
                &RULE.info,
                format!("operation `{name}` has no scenario, which the policy requires"),
            )
            .at(spec.place(&format!("{}/name", operation.pointer)))
            .related(frozen.origin(Section::Quality, "scenarios"))
            .help(format!("add conformance/behavior/{name}.feature, or name `{name}` in a scenario"))
        }));
    }
    Ok(())
}

/// Returns the words that can name an operation: the file name, and the words of the scenarios.
fn words(feature: &Text<Feature>) -> impl Iterator<Item = &str> {
    let scenarios = &feature.read.scenarios;
    let file = std::str::from_utf8(feature.path.name()).ok().and_then(|name| name.strip_suffix(".feature"));
    let texts = scenarios.iter().flat_map(|scenario| {
        let steps = scenario.steps.iter().map(|step| step.text.value.as_str());
        [scenario.name.value.as_str()].into_iter().chain(steps)
    });
    let background = feature.read.background.iter().map(|step| step.text.value.as_str());
    let texts = [feature.read.name.value.as_str()].into_iter().chain(background).chain(texts);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let words = texts.flat_map(move |text| text.split(move |c| !is_part(c)));
    file.into_iter().chain(words).filter(|_| !scenarios.is_empty())
}
