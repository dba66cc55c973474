//! No key looks like another one.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::ClaimKind;
use snapshot::Result;

use super::claims::claimed_twice;

/// `UNI006` confusable-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFUSABLE_KEY,
        summary: "no key looks like another one",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Skeleton) {
        let message = format!("key {} looks like {}", here.written, other.written);
        findings.push(
            claimed_twice(state, &RULE.info, here, other, message)
                .help("choose a key that reads differently"),
        );
    }
    Ok(())
}
