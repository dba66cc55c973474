//! A list that only gets elements at its end keeps the others.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::{Scene, field_words};

/// `IMM024` field-not-appended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_APPENDED,
        summary: "a list that only gets elements at its end keeps the others",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FieldNotAppended], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (pointer, was, now, note) = field_words(breach);
    let location = scene.field(breach, pointer)?.with_label(format!("was {was}"));
    let message = format!("the list `{pointer}` only gets elements at its end, and earlier ones changed");
    let _ = (now, note);
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(format!("put the earlier elements back: {was}")))
}
