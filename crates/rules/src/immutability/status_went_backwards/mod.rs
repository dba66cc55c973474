//! A status only moves forward.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM026` status-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::STATUS_WENT_BACKWARDS,
        summary: "a status only moves forward",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldWentBack], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("field `{pointer}` moved backwards: {was} → {now} ({note})");
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help("restore the value, or set a later one"))
}
