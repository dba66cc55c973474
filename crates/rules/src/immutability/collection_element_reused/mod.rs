//! The key of a removed element never returns with another value.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM039` collection-element-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COLLECTION_ELEMENT_REUSED,
        summary: "the key of a removed element never returns with another value",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::ElementReused { pointer, key } = &breach.kind else { return Ok(None) };
    let location = context.field(breach, pointer)?;
    let message = format!("element `{key}` was removed earlier and returns with another value");
    let help = "give the new element another key, or restore the element that was removed";
    Ok(Some(context.diagnostic(&RULE.info, breach, message).at(location).help(help)))
}
