//! A field that depends on another changes only with it.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM027` field-changed-alone.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_CHANGED_ALONE,
        summary: "a field that depends on another changes only with it",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldChangedAlone], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("the field `{pointer}` changed from {was} to {now} while `{note}` stayed");
    let _ = (now, note);
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("change `{note}` as well, or put {was} back")))
}
