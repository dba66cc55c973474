//! A field with the discipline `once` keeps its first value.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM022` field-set-again.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_SET_AGAIN,
        summary: "a field with the discipline `once` keeps its first value",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldSetAgain], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("field `{pointer}` can be set only once and changed: {was} → {now}");
    Ok(scene.diagnostic(&RULE.info, breach, message).at(location).help(format!("restore {was}")))
}
