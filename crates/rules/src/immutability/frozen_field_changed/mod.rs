//! A frozen field never changes.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM021` frozen-field-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_FIELD_CHANGED,
        summary: "a frozen field never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldChanged], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, _) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("frozen field `{pointer}` changed: {was} → {now}");
    Ok(scene.diagnostic(&RULE.info, breach, message).at(location).help(format!("restore {was}")))
}
