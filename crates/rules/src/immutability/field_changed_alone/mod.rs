//! A `frozen-while` field changes only together with the field it depends on.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM027` field-changed-alone.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_CHANGED_ALONE,
        summary: "a `frozen-while` field changes only together with the field it depends on",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldChangedAlone], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("`{pointer}` changed: {was} → {now}, but `{note}` did not change");
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("change `{note}` as well, or restore {was}")))
}
