//! The entries of a tree object are in order.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT002` tree-unsorted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_UNSORTED,
        summary: "the entries of a tree object are in order",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeUnsorted], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            "this name stands out of order in its directory, so that git may not find it",
        )
        .help("write the tree again with git itself: git fsck --full names the object"))
}
