//! The entries of a git tree are sorted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `GIT002` tree-unsorted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_UNSORTED,
        summary: "the entries of a git tree are sorted",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::TreeUnsorted {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "the git tree is not sorted: git may not find this name")
        .help("create the commit again with git; this prints the broken tree: git fsck --full");
    Ok(Some(finding))
}
