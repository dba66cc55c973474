//! A field with the discipline `once` keeps its first value.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM022` field-set-again.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_SET_AGAIN,
        summary: "a field with the discipline `once` keeps its first value",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldSetAgain], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("field `{pointer}` can be set only once and changed: {was} → {now}");
    Ok(context.diagnostic(&RULE.info, breach, message).at(location).help(format!("restore {was}")))
}
