//! A status only moves forward.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM026` status-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::STATUS_WENT_BACKWARDS,
        summary: "a status only moves forward",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldWentBack], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("field `{pointer}` moved backwards: {was} → {now} ({note})");
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help("restore the value, or set a later one"))
}
