//! A git tree contains each name once.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT001` tree-entry-duplicate.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_DUPLICATE,
        summary: "a git tree contains each name once",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeDuplicate], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            "duplicate name in a git tree: a review and a checkout can show different files",
        )
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
