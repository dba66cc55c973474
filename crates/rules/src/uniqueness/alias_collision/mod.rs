//! An alias belongs to one artifact.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::ClaimKind;
use snapshot::Result;

use super::claims::{claimed_twice, is_key};

/// `UNI003` alias-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ALIAS_COLLISION,
        summary: "an alias belongs to one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Key) {
        if !is_key(here) || !is_key(other) {
            findings.push(
                claimed_twice(
                    state,
                    &RULE.info,
                    here,
                    other,
                    format!("{} is already a key or alias of another artifact", here.written),
                )
                .help("choose a key that no artifact has or had"),
            );
        }
    }
    Ok(())
}
