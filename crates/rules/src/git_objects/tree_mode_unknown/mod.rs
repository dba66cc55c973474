//! Every entry of a git tree has a known mode.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `GIT004` tree-mode-unknown.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TREE_MODE_UNKNOWN,
        summary: "every entry of a git tree has a known mode",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::TreeMode {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "unknown file mode in a git tree")
        .help("create the commit again with git; this prints the broken tree: git fsck --full");
    Ok(Some(finding))
}
