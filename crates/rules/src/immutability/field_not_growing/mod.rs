//! A list or map that only grows loses nothing.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM023` field-not-growing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_GROWING,
        summary: "a list or map that only grows loses nothing",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldShrank], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("the field `{pointer}` only grows, and {note}");
    let _ = (now, note);
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("put back what is gone; it was {was}")))
}
