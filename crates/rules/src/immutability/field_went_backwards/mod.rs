//! An increasing field never decreases.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM025` field-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_WENT_BACKWARDS,
        summary: "an increasing field never decreases",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldFell], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = match note {
        "" => format!("field `{pointer}` decreased: {was} → {now}"),
        note => format!("field `{pointer}` did not increase: {note}"),
    };
    Ok(context.diagnostic(&RULE.info, breach, message).at(location).help(format!("raise it above {was}")))
}
