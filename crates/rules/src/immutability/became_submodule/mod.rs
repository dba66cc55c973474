//! A governed file never becomes a submodule.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM009` became-submodule.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_SUBMODULE,
        summary: "a governed file never becomes a submodule",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::BecameSubmodule {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a submodule")
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
