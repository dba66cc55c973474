//! The elements of a governed list keep their order.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM037` collection-order-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COLLECTION_ORDER_CHANGED,
        summary: "the elements of a governed list keep their order",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::ElementMoved { pointer, key, problem } = &breach.kind else { return Ok(None) };
    let location = context.field(breach, pointer)?;
    let message = format!("element `{key}` is out of order: {problem}");
    let help =
        "keep the order of the base branch, and put new elements where `order` in the policy requires them";
    Ok(Some(context.diagnostic(&RULE.info, breach, message).at(location).help(help)))
}
