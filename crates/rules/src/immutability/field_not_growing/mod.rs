//! A grow-only list or mapping keeps every entry.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM023` field-not-growing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_GROWING,
        summary: "a grow-only list or mapping keeps every entry",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldShrank], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, _, note) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("grow-only field `{pointer}` lost an entry: {note}");
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("add the entry again; the value was {was}")))
}
