//! Every entry of a git tree has a known mode.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `GIT004` tree-mode-unknown.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_MODE_UNKNOWN,
        summary: "every entry of a git tree has a known mode",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeMode], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "unknown file mode in a git tree")
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
