//! Every entry of a tree object has a mode that git knows.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT004` tree-mode-unknown.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_MODE_UNKNOWN,
        summary: "every entry of a tree object has a mode that git knows",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeMode], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "this entry has a mode that git does not know")
        .help("write the tree again with git itself: git fsck --full names the object"))
}
