//! No tree object holds a name that leads out of it.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT003` tree-entry-unsafe.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_UNSAFE,
        summary: "no tree object holds a name that leads out of it",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeUnsafe], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            "this name leads out of its directory or into `.git`, on some file system at least",
        )
        .help("write the tree again with git itself: git fsck --full names the object"))
}
