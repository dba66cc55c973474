//! An increasing field never decreases.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM025` field-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_WENT_BACKWARDS,
        summary: "an increasing field never decreases",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldFell], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = match note {
        "" => format!("field `{pointer}` decreased: {was} → {now}"),
        note => format!("field `{pointer}` did not increase: {note}"),
    };
    Ok(scene.diagnostic(&RULE.info, breach, message).at(location).help(format!("raise it above {was}")))
}
