//! A git tree contains no unsafe name.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `GIT003` tree-entry-unsafe.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_ENTRY_UNSAFE,
        summary: "a git tree contains no unsafe name",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::TreeUnsafe {
        return Ok(None);
    }
    let finding = context
        .diagnostic(
            &RULE.info,
            breach,
            "unsafe name in a git tree: on some file systems it is outside of the directory or in `.git`",
        )
        .help("create the commit again with git; this prints the broken tree: git fsck --full");
    Ok(Some(finding))
}
