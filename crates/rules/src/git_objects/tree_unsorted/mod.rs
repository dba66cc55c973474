//! The entries of a git tree are sorted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `GIT002` tree-unsorted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_UNSORTED,
        summary: "the entries of a git tree are sorted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeUnsorted], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "the git tree is not sorted: git may not find this name")
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
