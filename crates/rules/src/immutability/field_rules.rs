//! The rules about governed fields: one row for each breach of a field, and one function that describes all of them.

use diagnostic::{Diagnostic, Related, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::{in_element, restore};

/// What a rule reports about a breach of a field.
struct FieldText<'b> {
    pointer: &'b str,
    /// The value before.
    was: &'b str,
    message: String,
    help: String,
    /// The field that should have changed as well.
    unchanged: Option<&'b str>,
}

/// Names a field in a message; an empty pointer is the whole document.
fn name(pointer: &str) -> String {
    if pointer.is_empty() { "the whole document".into() } else { format!("`{pointer}`") }
}

/// Describes a breach of a field at the field.
fn describe(
    rule: &'static Rule,
    breach: &PathBreach,
    text: FieldText<'_>,
    context: &mut BreachContext<'_>,
) -> Result<Option<Diagnostic>> {
    let FieldText { pointer, was, message, help, unchanged } = text;
    let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
    let unchanged = unchanged.map(|pointer| context.field(breach, pointer)).transpose()?;
    let finding = context.diagnostic(&rule.info, breach, in_element(breach, message)).at(location).help(help);
    let Some(location) = unchanged else { return Ok(Some(finding)) };
    let since = finding.first_set_in.as_ref().map(|commit| format!("; first set in {}", commit.dated()));
    let message = format!("did not change{}", since.unwrap_or_default());
    Ok(Some(finding.related(Related { location, commit: None, message })))
}

/// `IMM021` frozen-field-changed.
pub static FROZEN_FIELD_CHANGED: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_FIELD_CHANGED,
        summary: "a frozen field never changes",
        page: include_str!("frozen_field_changed/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldChanged { pointer, was, now } = &breach.kind else { return Ok(None) };
        let message = format!("frozen field {} changed: {was} → {now}", name(pointer));
        let help = restore(breach, was, context);
        let unchanged = None;
        describe(&FROZEN_FIELD_CHANGED, breach, FieldText { pointer, was, message, help, unchanged }, context)
    }),
};

/// `IMM022` field-set-again.
pub static FIELD_SET_AGAIN: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_SET_AGAIN,
        summary: "a field with the discipline `once` keeps its first value",
        page: include_str!("field_set_again/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldSetAgain { pointer, was, now } = &breach.kind else { return Ok(None) };
        let message = format!("field {} can be set only once and changed: {was} → {now}", name(pointer));
        let help = restore(breach, was, context);
        let unchanged = None;
        describe(&FIELD_SET_AGAIN, breach, FieldText { pointer, was, message, help, unchanged }, context)
    }),
};

/// `IMM023` field-not-growing.
pub static FIELD_NOT_GROWING: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_GROWING,
        summary: "a grow-only list or mapping keeps every entry",
        page: include_str!("field_not_growing/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldShrank { pointer, was, lost } = &breach.kind else { return Ok(None) };
        let message = format!("grow-only field {} lost an entry: {lost}", name(pointer));
        let help = format!("add the entry again, or {}", restore(breach, was, context));
        let unchanged = None;
        describe(&FIELD_NOT_GROWING, breach, FieldText { pointer, was, message, help, unchanged }, context)
    }),
};

/// `IMM024` field-not-appended.
pub static FIELD_NOT_APPENDED: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_APPENDED,
        summary: "an append-only list changes only at its end",
        page: include_str!("field_not_appended/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldNotAppended { pointer, was, now } = &breach.kind else { return Ok(None) };
        let message =
            format!("append-only list {}: existing elements changed, was {was}, is {now}", name(pointer));
        let help = format!("add new elements at the end, and {}", restore(breach, was, context));
        let unchanged = None;
        describe(&FIELD_NOT_APPENDED, breach, FieldText { pointer, was, message, help, unchanged }, context)
    }),
};

/// `IMM025` field-went-backwards.
pub static FIELD_WENT_BACKWARDS: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_WENT_BACKWARDS,
        summary: "an increasing field never decreases",
        page: include_str!("field_went_backwards/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldFell { pointer, was, now: _, message, note } = &breach.kind else {
            return Ok(None);
        };
        let message = format!("{}: {message}", name(pointer));
        let help = format!("raise it above {was}");
        let text = FieldText { pointer, was, message, help, unchanged: None };
        let found = describe(&FIELD_WENT_BACKWARDS, breach, text, context)?;
        Ok(found.map(|found| match note {
            Some(note) => found.note(note.as_str()),
            None => found,
        }))
    }),
};

/// `IMM026` status-went-backwards.
pub static STATUS_WENT_BACKWARDS: Rule = Rule {
    info: RuleInfo {
        id: codes::STATUS_WENT_BACKWARDS,
        summary: "a status only moves forward",
        page: include_str!("status_went_backwards/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldWentBack { pointer, was, now, allowed } = &breach.kind else { return Ok(None) };
        let message = format!("field {} moved backwards: {was} → {now} ({allowed})", name(pointer));
        let help = "restore the value, or set a later one".to_string();
        let unchanged = None;
        describe(
            &STATUS_WENT_BACKWARDS,
            breach,
            FieldText { pointer, was, message, help, unchanged },
            context,
        )
    }),
};

/// `IMM027` field-changed-alone.
pub static FIELD_CHANGED_ALONE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_CHANGED_ALONE,
        summary: "a `frozen-while` field changes only together with the field it depends on",
        page: include_str!("field_changed_alone/README.md"),
    },
    check: Check::Breach(|breach, context| {
        let Breach::FieldChangedAlone { pointer, was, now, unchanged } = &breach.kind else {
            return Ok(None);
        };
        let message =
            format!("{} changed: {was} → {now}, but {} did not change", name(pointer), name(unchanged));
        let help = format!("change `{unchanged}` as well, or {}", restore(breach, was, context));
        let unchanged = Some(unchanged.as_str());
        describe(&FIELD_CHANGED_ALONE, breach, FieldText { pointer, was, message, help, unchanged }, context)
    }),
};
