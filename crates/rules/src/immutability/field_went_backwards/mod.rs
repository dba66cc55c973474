//! A number or version that rises never falls.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM025` field-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_WENT_BACKWARDS,
        summary: "a number or version that rises never falls",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldFell], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = match note {
        "" => format!("the field `{pointer}` only rises, and went from {was} to {now}"),
        note => format!("the field `{pointer}` only rises: {note}"),
    };
    let _ = (now, note);
    Ok(scene.diagnostic(&RULE.info, breach, message).at(location).help(format!("raise it above {was}")))
}
