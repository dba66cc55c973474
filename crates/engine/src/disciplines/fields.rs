//! Field disciplines: what a document's fields may become.

use std::cmp::Ordering;

use artifact::{Kind, Value, escape};
use policy::FieldDiscipline;

use super::breach::Breach;

/// Checks one field of two versions of a document.
pub(crate) fn check_field(
    pointer: &str,
    discipline: &FieldDiscipline,
    before: &Value,
    after: &Value,
) -> Option<Breach> {
    let (was, now) = (before.pointer(pointer), after.pointer(pointer));
    // Where no change is allowed, the breach is at the value that differs. Where additions are allowed, the first entry that differs may be one of them.
    let deepest = || {
        let (pointer, was, now) = deepest_difference(pointer, was, now);
        (pointer, show(was), show(now))
    };
    if same(was, now) {
        return None;
    }
    match discipline {
        FieldDiscipline::Frozen => {
            let (pointer, was, now) = deepest();
            Some(Breach::FieldChanged { pointer, was, now })
        }
        FieldDiscipline::Once => match was {
            None => None,
            Some(value) if value.kind == Kind::Null => None,
            Some(_) => {
                let (pointer, was, now) = deepest();
                Some(Breach::FieldSetAgain { pointer, was, now })
            }
        },
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
            _ => Some(Breach::FieldNotAppended { pointer: pointer.into(), was: show(was), now: show(now) }),
        },
        FieldDiscipline::Increasing => {
            let reason = match (was?, now) {
                (_, None) => Some("it was removed".into()),
                (old, Some(new)) => match rise(old, new) {
                    Ok(Ordering::Greater) => return None,
                    Ok(_) => None,
                    Err(reason) => Some(reason),
                },
            };
            Some(Breach::FieldFell { pointer: pointer.into(), was: show(was), now: show(now), reason })
        }
        FieldDiscipline::Forward(states) => {
            let place = |value: Option<&Value>| {
                let text = value.and_then(Value::as_str)?;
                states.iter().position(|state| state == text)
            };
            let allowed = match (place(was), place(now)) {
                // A value before that was not a known state fixes nothing, but the new one must be known.
                (_, None) => format!("it must be one of {}", states.join(", ")),
                (Some(old), Some(new)) if new < old => format!("order: {}", states.join(", ")),
                _ => return None,
            };
            Some(Breach::FieldWentBack { pointer: pointer.into(), was: show(was), now: show(now), allowed })
        }
        FieldDiscipline::FrozenWhile(other) => {
            if !same(before.pointer(other), after.pointer(other)) {
                return None;
            }
            let (pointer, was, now) = deepest();
            Some(Breach::FieldChangedAlone { pointer, was, now, unchanged: other.clone() })
        }
    }
}

/// Checks two versions of a card that may be edited: identity never changes, lists only grow, the status only moves forward.
pub(crate) fn check_card(before: &Value, after: &Value) -> Vec<Breach> {
    let states = || {
        FieldDiscipline::Forward(["active", "deprecated", "retired", "consolidated"].map(String::from).into())
    };
    let ended = matches!(before.pointer("/status").and_then(Value::as_str), Some("retired" | "consolidated"));
    // A key may change where the former key becomes an alias: it still belongs to the artifact.
    let old_key = before.pointer("/key");
    let aliases = after.pointer("/aliases").and_then(Value::as_list).unwrap_or_default();
    let kept = old_key.is_some_and(|key| aliases.iter().any(|alias| alias.same(key)));
    let disciplines = [
        ("/ulid", FieldDiscipline::Frozen),
        ("/kind", FieldDiscipline::Frozen),
        ("/created_at", FieldDiscipline::Frozen),
        ("/key", FieldDiscipline::Frozen),
        ("/aliases", FieldDiscipline::GrowOnly),
        ("/links/merged_into", FieldDiscipline::GrowOnly),
        ("/links/absorbs", FieldDiscipline::GrowOnly),
        ("/status", if ended { FieldDiscipline::Frozen } else { states() }),
        ("/retired_at", FieldDiscipline::Once),
    ];
    let mut breaches: Vec<_> = disciplines
        .iter()
        .filter(|(pointer, _)| *pointer != "/key" || !kept)
        .filter_map(|(pointer, discipline)| check_field(pointer, discipline, before, after))
        .collect();
    let version = |card: &Value| card.pointer("/card_version").map_or(Some(1), Value::as_integer);
    if version(after).zip(version(before)).is_none_or(|(now, was)| now != was + 1) {
        let show = |card: &Value| card.pointer("/card_version").map_or_else(|| "1".to_string(), Value::show);
        breaches.push(Breach::FieldFell {
            pointer: "/card_version".into(),
            was: show(before),
            now: show(after),
            reason: Some("it must increase by one with every edit".into()),
        });
    }
    breaches
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_string(), Value::show)
}

/// Descends to the value that differs: into the only entry that does, or the first of several.
fn deepest_difference<'v>(
    pointer: &str,
    mut was: Option<&'v Value>,
    mut now: Option<&'v Value>,
) -> (String, Option<&'v Value>, Option<&'v Value>) {
    let mut pointer = pointer.to_string();
    // The depth of a document is limited where it is read.
    while let (Some(old), Some(new)) = (was, now) {
        let Some((step, below_old, below_new)) = first_difference(old, new) else { break };
        pointer = format!("{pointer}/{}", escape(&step));
        (was, now) = (below_old, below_new);
    }
    (pointer, was, now)
}

/// The name of an entry, and its value on both sides.
type Difference<'v> = (String, Option<&'v Value>, Option<&'v Value>);

/// Finds the first entry of two mappings or lists that differs; nothing in values of other or different types.
fn first_difference<'v>(old: &'v Value, new: &'v Value) -> Option<Difference<'v>> {
    match (&old.kind, &new.kind) {
        (Kind::Map(a), Kind::Map(b)) => {
            let changed = b.entries().find(|entry| !same(a.get(&entry.key.name), Some(&entry.value)));
            let found = changed.or_else(|| a.entries().find(|entry| b.get(&entry.key.name).is_none()))?;
            Some((found.key.name.clone(), a.get(&found.key.name), b.get(&found.key.name)))
        }
        (Kind::List(a), Kind::List(b)) => {
            let at = (0..a.len().max(b.len())).find(|&at| !same(a.get(at), b.get(at)))?;
            Some((at.to_string(), a.get(at), b.get(at)))
        }
        _ => None,
    }
}

fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.same(b),
        _ => false,
    }
}

/// Describes what a list or mapping lost.
fn lost(was: Option<&Value>, now: Option<&Value>) -> Option<String> {
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

/// Compares numbers or versions (SemVer 2.0.0 §11: build metadata does not count, so a version that differs only there has not risen).
fn rise(old: &Value, new: &Value) -> Result<Ordering, String> {
    if let (Some(old), Some(new)) = (old.as_integer(), new.as_integer()) {
        return Ok(new.cmp(&old));
    }
    let version = |value: &Value| {
        let text =
            value.as_str().ok_or_else(|| format!("{} is neither an integer nor a version", value.show()))?;
        semver::Version::parse(text.strip_prefix('v').unwrap_or(text))
            .map_err(|_| format!("{} is not a valid version (SemVer 2.0.0)", value.show()))
    };
    Ok(version(new)?.cmp_precedence(&version(old)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use artifact::{Limits, Syntax, parse};

    fn broken(discipline: &FieldDiscipline, before: &str, after: &str) -> Option<Breach> {
        let read = |text: &str| parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
        check_field("/x", discipline, &read(before), &read(after))
    }

    /// Whether a breach is of the expected variant.
    type Expected = fn(&Breach) -> bool;

    #[test]
    fn each_discipline_allows_and_forbids() {
        let states = FieldDiscipline::Forward(vec!["active".into(), "deprecated".into(), "retired".into()]);
        let tied = FieldDiscipline::FrozenWhile("/v".into());
        let cases: &[(&FieldDiscipline, &str, &str, Option<Expected>)] = &[
            (&FieldDiscipline::Frozen, r#"{"x":1}"#, r#"{"x":1,"y":2}"#, None),
            (
                &FieldDiscipline::Frozen,
                r#"{"x":1}"#,
                r#"{"x":2}"#,
                Some(|b| matches!(b, Breach::FieldChanged { .. })),
            ),
            (
                &FieldDiscipline::Frozen,
                r#"{}"#,
                r#"{"x":2}"#,
                Some(|b| matches!(b, Breach::FieldChanged { .. })),
            ),
            (&FieldDiscipline::Frozen, r#"{"x":{"a":1,"b":2}}"#, r#"{"x":{"b":2,"a":1}}"#, None),
            (&FieldDiscipline::Once, r#"{}"#, r#"{"x":2}"#, None),
            (&FieldDiscipline::Once, r#"{"x":null}"#, r#"{"x":2}"#, None),
            (
                &FieldDiscipline::Once,
                r#"{"x":1}"#,
                r#"{}"#,
                Some(|b| matches!(b, Breach::FieldSetAgain { .. })),
            ),
            (&FieldDiscipline::GrowOnly, r#"{"x":[1,2]}"#, r#"{"x":[3,2,1]}"#, None),
            (
                &FieldDiscipline::GrowOnly,
                r#"{"x":[1,2]}"#,
                r#"{"x":[1]}"#,
                Some(|b| matches!(b, Breach::FieldShrank { .. })),
            ),
            (
                &FieldDiscipline::GrowOnly,
                r#"{"x":{"a":1}}"#,
                r#"{"x":{"a":2}}"#,
                Some(|b| matches!(b, Breach::FieldShrank { .. })),
            ),
            (
                &FieldDiscipline::GrowOnly,
                r#"{"x":[1]}"#,
                r#"{}"#,
                Some(|b| matches!(b, Breach::FieldShrank { .. })),
            ),
            (&FieldDiscipline::AppendOnly, r#"{"x":[1]}"#, r#"{"x":[1,2]}"#, None),
            (
                &FieldDiscipline::AppendOnly,
                r#"{"x":[1]}"#,
                r#"{"x":[2,1]}"#,
                Some(|b| matches!(b, Breach::FieldNotAppended { .. })),
            ),
            (&FieldDiscipline::Increasing, r#"{"x":9}"#, r#"{"x":10}"#, None),
            (&FieldDiscipline::Increasing, r#"{"x":"1.9.0"}"#, r#"{"x":"1.10.0"}"#, None),
            (
                &FieldDiscipline::Increasing,
                r#"{"x":"1.0.0"}"#,
                r#"{"x":"1.0.0-rc.1"}"#,
                Some(|b| matches!(b, Breach::FieldFell { .. })),
            ),
            (
                &FieldDiscipline::Increasing,
                r#"{"x":"1.0.0"}"#,
                r#"{"x":"1.0.0+2"}"#,
                Some(|b| matches!(b, Breach::FieldFell { .. })),
            ),
            (
                &FieldDiscipline::Increasing,
                r#"{"x":"1.0.0"}"#,
                r#"{"x":"soon"}"#,
                Some(|b| matches!(b, Breach::FieldFell { .. })),
            ),
            (
                &FieldDiscipline::Increasing,
                r#"{"x":2}"#,
                r#"{}"#,
                Some(|b| matches!(b, Breach::FieldFell { .. })),
            ),
            (&states, r#"{"x":"active"}"#, r#"{"x":"retired"}"#, None),
            (
                &states,
                r#"{"x":"retired"}"#,
                r#"{"x":"active"}"#,
                Some(|b| matches!(b, Breach::FieldWentBack { .. })),
            ),
            (
                &states,
                r#"{"x":"active"}"#,
                r#"{"x":"zombie"}"#,
                Some(|b| matches!(b, Breach::FieldWentBack { .. })),
            ),
            (&tied, r#"{"x":1,"v":1}"#, r#"{"x":2,"v":2}"#, None),
            (
                &tied,
                r#"{"x":1,"v":1}"#,
                r#"{"x":2,"v":1}"#,
                Some(|b| matches!(b, Breach::FieldChangedAlone { .. })),
            ),
        ];
        for (discipline, before, after, expected) in cases {
            let found = broken(discipline, before, after);
            let as_expected = match (&found, expected) {
                (None, None) => true,
                (Some(breach), Some(is_expected)) => is_expected(breach),
                _ => false,
            };
            assert!(as_expected, "{discipline:?} {before} {after}: {found:?}");
        }
    }
}
