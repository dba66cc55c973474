//! A grow-only list or mapping keeps every entry.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM023` field-not-growing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_GROWING,
        summary: "a grow-only list or mapping keeps every entry",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldShrank], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, _, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("grow-only field `{pointer}` lost an entry: {note}");
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("add the entry again; the value was {was}")))
}
