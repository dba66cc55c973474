//! Field disciplines: what a document's fields may become.

mod card;
mod difference;
mod increasing;

use artifact::{Kind, Value, show_difference};
use policy::{FieldDiscipline, FieldRule};

pub(crate) use self::card::check_card;
pub(super) use self::difference::deepest_difference;
use self::increasing::check_increasing;
use super::breach::Breach;

/// Checks the fields of two versions of a document or of an element; each breach comes with its rule.
pub(crate) fn check_fields<'r>(
    rules: &'r [FieldRule],
    before: &Value,
    after: &Value,
) -> Vec<(&'r FieldRule, Breach)> {
    let check = |rule: &'r FieldRule| Some((rule, check_field(rule, rules, before, after)?));
    rules.iter().filter_map(check).collect()
}

/// Checks one field of two versions of a document; `rules` are those of its entry.
fn check_field(rule: &FieldRule, rules: &[FieldRule], before: &Value, after: &Value) -> Option<Breach> {
    let pointer = rule.pointer.as_str();
    let (was, now) = (before.pointer(pointer), after.pointer(pointer));
    if same(was, now) {
        return None;
    }
    // Where no change is allowed, the breach is at the value that differs. Where additions are allowed, the first entry that differs may be one of them.
    let deepest = || {
        let (pointer, was, now) = deepest_difference(pointer, was, now);
        let (was, now) = show_both(was, now);
        (pointer, was, now)
    };
    let unchanged = |other: &str| same(before.pointer(other), after.pointer(other));
    let alone = |other: &str| {
        let (pointer, was, now) = deepest();
        Breach::FieldChangedAlone { pointer, was, now, unchanged: other.into() }
    };
    match &rule.discipline {
        FieldDiscipline::Frozen => {
            let (pointer, was, now) = deepest();
            Some(Breach::FieldChanged { pointer, was, now })
        }
        FieldDiscipline::Once if is_missing(was) => None,
        FieldDiscipline::Once => {
            let (pointer, was, now) = deepest();
            Some(Breach::FieldSetAgain { pointer, was, now })
        }
        FieldDiscipline::OnceWhile(other) => (!is_missing(was) && unchanged(other)).then(|| alone(other)),
        FieldDiscipline::GrowOnly => {
            let lost = lost(was, now)?;
            Some(Breach::FieldShrank { pointer: pointer.into(), was: show(was), lost })
        }
        FieldDiscipline::AppendOnly => match (was.map(|v| &v.kind), now.map(|v| &v.kind)) {
            (None, _) => None,
            (Some(Kind::List(old)), Some(Kind::List(new)))
                if old.len() <= new.len() && old.iter().zip(new).all(|(a, b)| a.same(b)) =>
            {
                None
            }
            _ => {
                let (was, now) = show_both(was, now);
                Some(Breach::FieldNotAppended { pointer: pointer.into(), was, now })
            }
        },
        FieldDiscipline::Increasing(increasing) => {
            check_increasing(pointer, increasing, rules, before, after)
        }
        FieldDiscipline::Forward(states) => {
            let place = |value: Option<&Value>| {
                let text = value.and_then(Value::source_text)?;
                states.iter().position(|state| *state == text)
            };
            let allowed = match (place(was), place(now)) {
                // A value before that was not a known state fixes nothing, but the new one must be known.
                (_, None) => format!("it must be one of {}", states.join(", ")),
                (Some(old), Some(new)) if new < old => format!("order: {}", states.join(", ")),
                _ => return None,
            };
            let (was, now) = show_both(was, now);
            Some(Breach::FieldWentBack { pointer: pointer.into(), was, now, allowed })
        }
        FieldDiscipline::FrozenWhile(other) => unchanged(other).then(|| alone(other)),
    }
}

/// Returns whether a field has no value: absent, or null.
fn is_missing(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.kind == Kind::Null)
}

/// Shows both values, so that they differ visibly.
pub(super) fn show_both(was: Option<&Value>, now: Option<&Value>) -> (String, String) {
    match (was, now) {
        (Some(was), Some(now)) => show_difference(was, now),
        _ => (show(was), show(now)),
    }
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_string(), Value::show)
}

pub(super) fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.same(b),
        _ => false,
    }
}

/// Describes what a list or mapping lost.
pub(super) fn lost(was: Option<&Value>, now: Option<&Value>) -> Option<String> {
    match (was.map(|value| &value.kind), now.map(|value| &value.kind)) {
        (None | Some(Kind::Null), _) => None,
        (Some(Kind::List(old)), Some(Kind::List(new))) => {
            let missing = old.iter().find(|value| !new.iter().any(|other| other.same(value)))?;
            Some(format!("{} was removed", missing.show()))
        }
        (Some(Kind::Map(old)), Some(Kind::Map(new))) => {
            old.entries().find_map(|entry| match new.get(&entry.key.name) {
                None => Some(format!("`{}` was removed", entry.key.name)),
                Some(value) if !value.same(&entry.value) => Some(format!("`{}` changed", entry.key.name)),
                Some(_) => None,
            })
        }
        (Some(_), _) => Some("it is no longer what it was".into()),
    }
}

#[cfg(test)]
mod tests;
