//! A ULID names one artifact.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::claimed_twice;
use crate::rule::{Check, Rule};
use crate::state::{ClaimKind, StateContext};

/// `UNI001` duplicate-ulid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DUPLICATE_ULID,
        summary: "a ULID names one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for kind in [ClaimKind::CardUlid, ClaimKind::SpecUlid] {
        for (here, other) in state.conflicts(kind) {
            findings.push(
                claimed_twice(
                    state,
                    &RULE.info,
                    here,
                    other,
                    format!("{} names two artifacts", here.written),
                )
                .help("mint a new identity for the newer one: id-mint plugin NAME"),
            );
        }
    }
    Ok(())
}
