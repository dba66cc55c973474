//! A git tree contains no unsafe name.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT003` tree-entry-unsafe.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_UNSAFE,
        summary: "a git tree contains no unsafe name",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeUnsafe], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            "unsafe name in a git tree: on some file systems it is outside of the directory or in `.git`",
        )
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
