//! A path belongs to one artifact, and so does everything below it.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::ClaimKind;
use snapshot::Result;

use super::claims::claimed_twice;

mod overlaps;

/// `UNI004` path-claimed-twice.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PATH_CLAIMED_TWICE,
        summary: "a path belongs to one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Path) {
        findings.push(
            claimed_twice(
                state,
                &RULE.info,
                here,
                other,
                format!("{} is already the path of another artifact", here.written),
            )
            .help("give the artifact a directory of its own"),
        );
    }
    overlaps::check(&RULE.info, state, findings);
    Ok(())
}
