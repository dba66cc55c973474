//! A git tree contains each name once.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `GIT001` tree-entry-duplicate.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_DUPLICATE,
        summary: "a git tree contains each name once",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::TreeDuplicate {
        return Ok(None);
    }
    let finding = context
        .diagnostic(
            &RULE.info,
            breach,
            "duplicate name in a git tree: a review and a checkout can show different files",
        )
        .help("create the commit again with git; this prints the broken tree: git fsck --full");
    Ok(Some(finding))
}
