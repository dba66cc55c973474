//! A git tree contains each name once.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `GIT001` tree-entry-duplicate.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_DUPLICATE,
        summary: "a git tree contains each name once",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::TreeDuplicate], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(
            &RULE.info,
            breach,
            "duplicate name in a git tree: a review and a checkout can show different files",
        )
        .help("create the commit again with git; this prints the broken tree: git fsck --full"))
}
