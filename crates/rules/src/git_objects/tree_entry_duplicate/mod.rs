//! A tree object holds each name once.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT001` tree-entry-duplicate.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_DUPLICATE,
        summary: "a tree object holds each name once",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeDuplicate], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            "this directory holds the name twice: git shows one of them, a checkout the other",
        )
        .help("write the tree again with git itself: git fsck --full names the object"))
}
