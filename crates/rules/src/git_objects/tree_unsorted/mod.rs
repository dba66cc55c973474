//! The entries of a git tree are sorted.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT002` tree-unsorted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_UNSORTED,
        summary: "the entries of a git tree are sorted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeUnsorted], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "the git tree is not sorted: git may not find this name")
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
