//! A frozen field never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM021` frozen-field-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_FIELD_CHANGED,
        summary: "a frozen field never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldChanged], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("frozen field `{pointer}` changed: {was} → {now}");
    Ok(context.diagnostic(&RULE.info, breach, message).at(location).help(format!("restore {was}")))
}
