//! Every entry of a git tree has a known mode.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `GIT004` tree-mode-unknown.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_MODE_UNKNOWN,
        summary: "every entry of a git tree has a known mode",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeMode], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "unknown file mode in a git tree")
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
