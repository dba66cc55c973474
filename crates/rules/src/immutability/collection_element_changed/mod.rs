//! An element of a governed collection keeps its value.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM035` collection-element-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::COLLECTION_ELEMENT_CHANGED,
        summary: "an element of a governed collection keeps its value",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (pointer, was, message, help) = match &breach.kind {
        Breach::ElementChanged { pointer, key, was, now } => (
            pointer,
            Some(was),
            format!("element `{key}` changed at `{pointer}`: {was} → {now}"),
            format!("restore {was}, or add a new element"),
        ),
        Breach::ElementShrank { pointer, key, was, lost } => (
            pointer,
            Some(was),
            format!("element `{key}` lost an entry: {lost}"),
            format!("restore the entry; the element was {was}"),
        ),
        Breach::ElementAdded { pointer, key } => (
            pointer,
            None,
            format!("element `{key}` was added, and the policy allows no additions here"),
            "remove it, or change the field that the collection belongs to".into(),
        ),
        _ => return Ok(None),
    };
    let mut location = context.field(breach, pointer)?;
    if let Some(was) = was {
        location = location.with_label(format!("was {was}"));
    }
    Ok(Some(context.diagnostic(&RULE.info, breach, message).at(location).help(help)))
}
