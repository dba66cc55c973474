//! A plugin stops handling or emitting an event only with a breaking version.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::version_step::{names, spec_steps};

/// `CMP009` events-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::EVENTS_BREAKING,
        summary: "a plugin stops handling or emitting an event only with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The lists of events in a spec, and what a plugin does with them.
const EVENTS: [(&str, &str); 2] = [("/events/handles", "handled"), ("/events/emits", "emitted")];

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in &spec_steps(state)? {
        for (list, deed) in EVENTS {
            let (old, new) = (names(&step.before, list), names(step.spec, list));
            if let Some(bump) = step.binding_bump(state) {
                for (event, before) in old.iter().filter(|(event, _)| !new.contains_key(*event)) {
                    let what = format!("event {event} is no longer {deed}");
                    findings.push(step.breaking(&RULE.info, state, &bump, (what, list, before)));
                }
            }
            if let Some(bump) = step.patch_bump(state) {
                for (event, place) in new.iter().filter(|(event, _)| !old.contains_key(*event)) {
                    let what = format!("event {event} is newly {deed}");
                    findings.push(step.addition(&RULE.info, &bump, (what, place)));
                }
            }
        }
    }
    Ok(())
}
