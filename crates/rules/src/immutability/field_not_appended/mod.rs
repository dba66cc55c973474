//! An append-only list changes only at its end.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM024` field-not-appended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_APPENDED,
        summary: "an append-only list changes only at its end",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldNotAppended], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("append-only list `{pointer}`: existing elements changed, was {was}, is {now}");
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("restore the existing elements, and add new ones at the end: {was}")))
}
