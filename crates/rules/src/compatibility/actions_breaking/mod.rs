//! A plugin takes an allowed action away only with a breaking version.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

use super::version_step::{names, spec_steps};

/// `CMP012` actions-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ACTIONS_BREAKING,
        summary: "a plugin takes an allowed action away only with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The actions that a spec allows.
const ALLOWED: &str = "/actions/allowed";
/// Whether actions that a spec does not list are denied.
const DENIES: &str = "/actions/deny_by_default";

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in &spec_steps(state)? {
        let (old, new) = (names(&step.before, ALLOWED), names(step.spec, ALLOWED));
        let (old_denies, new_denies) = (denies(&step.before), denies(step.spec));
        if let Some(bump) = step.binding_bump(state) {
            let mut report = |what: String, place: &str, before: &str| {
                findings.push(step.breaking(&RULE.info, state, &bump, (what, place, before)));
            };
            match (old_denies, new_denies) {
                (true, false) => report("actions that are not listed become allowed".into(), DENIES, DENIES),
                (false, true) => {
                    report("actions that are not listed are no longer allowed".into(), DENIES, DENIES);
                }
                _ => {}
            }
            // Where nothing is denied, the list decides nothing.
            for (action, before) in old.iter().filter(|(action, _)| new_denies && !new.contains_key(*action))
            {
                report(format!("action {action} is no longer allowed"), ALLOWED, before);
            }
        }
        if let Some(bump) = step.patch_bump(state) {
            for (action, place) in new.iter().filter(|(action, _)| old_denies && !old.contains_key(*action)) {
                let what = format!("action {action} is newly allowed");
                findings.push(step.addition(&RULE.info, &bump, (what, place)));
            }
        }
    }
    Ok(())
}

/// Whether actions that a spec does not list are denied: also where the spec has no `actions`.
fn denies(spec: &Document) -> bool {
    let value = spec.value.as_ref().ok().and_then(|value| value.pointer(DENIES));
    value.and_then(Value::as_bool) != Some(false)
}
