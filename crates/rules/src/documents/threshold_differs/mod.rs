//! Thresholds equal those of the policy snapshot.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::findings::{problem, with_regenerate_help};

/// `DOC004` threshold-differs.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::THRESHOLD_DIFFERS,
        summary: "thresholds equal those of the policy snapshot",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
                        "threshold `{name}` is {}, but {set} in the policy snapshot",
                        threshold.value.value
                    ),
                    format!("set it to {set}"),
                ),
                None => (
                    &threshold.name.span,
                    format!("threshold `{name}` is not in the policy snapshot"),
                    "remove it; a limit of the plugin itself is a budget in conformance/perf/budgets.json"
                        .to_string(),
                ),
            };
            let finding = health.to_diagnostic(&RULE.info, &problem(span, message, help));
            let finding = match set {
                Some(_) => finding.related(frozen.origin(Section::Performance, name)),
                None => finding,
            };
            findings.push(with_regenerate_help(plugin, health, span, finding));
        }
        if let Some((first, _)) = missing.first_key_value() {
            let named: Vec<String> = missing.iter().map(|(name, set)| format!("{name}: {set}")).collect();
            let message =
                format!("healthcheck.md lacks thresholds of the policy snapshot: {}", named.join(", "));
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(Location::of(&health.path))
                    .related(frozen.origin(Section::Performance, first))
                    .help(format!("run: id-plugin generate {}", plugin.name())),
            );
        }
    }
    Ok(())
}
