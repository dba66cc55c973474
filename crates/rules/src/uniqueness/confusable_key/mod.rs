//! No key can be taken for another.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::claimed_twice;
use crate::rule::{Check, Rule};
use crate::state::{ClaimKind, StateContext};

/// `UNI006` confusable-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFUSABLE_KEY,
        summary: "no key can be taken for another",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Skeleton) {
        let message = format!("{} can be taken for {}", here.written, other.written);
        findings.push(
            claimed_twice(state, &RULE.info, here, other, message)
                .help("choose a key that reads differently"),
        );
    }
    Ok(())
}
