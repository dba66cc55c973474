//! An element of a governed collection stays.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM036` collection-element-removed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COLLECTION_ELEMENT_REMOVED,
        summary: "an element of a governed collection stays",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::ElementRemoved { pointer: _, collection, key, was } = &breach.kind else { return Ok(None) };
    let location = context.field(breach, collection)?;
    let message = format!("element `{key}` was removed");
    let help = if was.contains('…') {
        format!("add it again, as it was: {}", context.show_former(&breach.path))
    } else {
        format!("add it again: {was}")
    };
    Ok(Some(context.diagnostic(&RULE.info, breach, message).at(location).help(help)))
}
