//! An append-only list changes only at its end.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM024` field-not-appended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_APPENDED,
        summary: "an append-only list changes only at its end",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldNotAppended], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("append-only list `{pointer}`: existing elements changed, was {was}, is {now}");
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("restore the existing elements, and add new ones at the end: {was}")))
}
