//! Thresholds are those of the policy snapshot.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::words::{made_again, problem};

/// `DOC004` threshold-differs.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::THRESHOLD_DIFFERS,
        summary: "thresholds are those of the policy snapshot",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(health), Some(frozen)) = (&texts.health, &texts.frozen) else { continue };
        let mut missing: BTreeMap<&str, i64> = frozen.numbers(Section::Performance).into_iter().collect();
        for threshold in &health.read.thresholds {
            let name = threshold.name.value.as_str();
            let set = frozen.number(Section::Performance, name);
            missing.remove(name);
            let (span, message, help) = match set {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "policy sets no number beyond a day of milliseconds"
                )]
                Some(set) if set as f64 == threshold.value.value => continue,
                Some(set) => (
                    &threshold.value.span,
                    format!(
                        "the threshold `{name}` is {}, and {set} in the policy snapshot",
                        threshold.value.value
                    ),
                    format!("write {set}"),
                ),
                None => (
                    &threshold.name.span,
                    format!("the threshold `{name}` is not one that the policy snapshot sets"),
                    "take it out, or have policy set it: what a plugin sets itself is a budget".to_string(),
                ),
            };
            let told = health.to_diagnostic(&RULE.info, &problem(span, message, help));
            let told = match set {
                Some(_) => told.related(frozen.origin(Section::Performance, name)),
                None => told,
            };
            findings.push(made_again(plugin, health, span, told));
        }
        if let Some((first, _)) = missing.first_key_value() {
            let named: Vec<String> = missing.iter().map(|(name, set)| format!("{name}: {set}")).collect();
            let message =
                format!("the policy snapshot sets {}, and healthcheck.md does not", named.join(", "));
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(Location::of(&health.path))
                    .related(frozen.origin(Section::Performance, first))
                    .help(format!("make it again: id-plugin generate {}", plugin.name())),
            );
        }
    }
    Ok(())
}
