//! A place belongs to one artifact.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::claimed_twice;
use crate::rule::{Check, Rule};
use crate::state::{ClaimKind, StateContext};

/// `UNI004` path-claimed-twice.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PATH_CLAIMED_TWICE,
        summary: "a place belongs to one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Path) {
        findings.push(
            claimed_twice(
                state,
                &RULE.info,
                here,
                other,
                format!("{} is the place of another artifact", here.written),
            )
            .help("give the artifact a place of its own"),
        );
    }
    Ok(())
}
