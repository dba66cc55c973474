//! A ULID identifies one artifact.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::ClaimKind;
use snapshot::Result;

use super::claims::claimed_twice;

/// `UNI001` duplicate-ulid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DUPLICATE_ULID,
        summary: "a ULID identifies one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for kind in [ClaimKind::CardUlid, ClaimKind::SpecUlid] {
        for (here, other) in state.conflicts(kind) {
            findings.push(
                claimed_twice(
                    state,
                    &RULE.info,
                    here,
                    other,
                    format!("ULID {} identifies two artifacts", here.written),
                )
                .help("mint an identity for the newer one with `id-mint`"),
            );
        }
    }
    Ok(())
}
