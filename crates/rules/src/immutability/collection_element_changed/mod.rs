//! An element of a governed collection keeps its value.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::restore;

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
            format!("add a new element, or {}", restore(breach, was, context)),
        ),
        Breach::ElementShrank { pointer, key, was, lost } => (
            pointer,
            Some(was),
            format!("element `{key}` lost an entry: {lost}"),
            restore(breach, was, context),
        ),
        Breach::ElementAdded { pointer, key, belongs_to } => (
            pointer,
            None,
            format!("element `{key}` was added, and the policy allows no additions here"),
            match belongs_to {
                Some(field) => format!("remove it, or change `{field}`, which the collection belongs to"),
                None => "remove it".into(),
            },
        ),
        _ => return Ok(None),
    };
    let mut location = context.field(breach, pointer)?;
    if let Some(was) = was {
        location = location.with_label(format!("was {was}"));
    }
    let mut finding = context.diagnostic(&RULE.info, breach, message).at(location).help(help);
    if was.is_none() {
        // The file was set before, but not this element.
        finding.first_set_in = None;
    }
    Ok(Some(finding))
}
