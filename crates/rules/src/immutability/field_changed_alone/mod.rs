//! A `frozen-while` field changes only together with the field it depends on.

use diagnostic::{Diagnostic, Related, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule, field_words};
use snapshot::Result;

/// `IMM027` field-changed-alone.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_CHANGED_ALONE,
        summary: "a `frozen-while` field changes only together with the field it depends on",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldChangedAlone], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("`{pointer}` changed: {was} → {now}, but `{note}` did not change");
    let other = context.field(breach, note)?;
    let finding = context.diagnostic(&RULE.info, breach, message).at(location);
    let since = finding.first_set_in.as_ref().map(|commit| format!("; first set in {}", commit.dated()));
    Ok(finding.help(format!("change `{note}` as well, or restore {was}")).related(Related {
        location: other,
        commit: None,
        message: format!("did not change{}", since.unwrap_or_default()),
    }))
}
