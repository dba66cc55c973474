//! A key names one artifact.

use diagnostic::{Diagnostic, Level, RuleInfo};
use snapshot::Result;

use super::words::claimed_twice;
use crate::rule::{Check, Rule};
use crate::state::{ClaimKind, StateContext};

/// `UNI002` duplicate-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "UNI002",
        name: "duplicate-key",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "a key names one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Key) {
        if here.pointer == "/key" && other.pointer == "/key" {
            findings.push(
                claimed_twice(state, &RULE.info, here, other, format!("the key {} is taken", here.written))
                    .help("choose another key; id-mint finds a free one"),
            );
        }
    }
    Ok(())
}
