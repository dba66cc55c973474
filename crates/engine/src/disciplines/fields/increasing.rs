//! The discipline `increasing`: a version never falls.

use std::cmp::Ordering;

use artifact::{Kind, Value, shorten};
use policy::{FieldDiscipline, FieldRule, Increasing, Scheme};

use super::{is_missing, same, show};
use crate::disciplines::breach::Breach;
use crate::disciplines::versions::Version;

/// Checks a version that changed; `rules` are those of the entry, with the field that `unless` names.
pub(super) fn check_increasing(
    pointer: &str,
    increasing: &Increasing,
    rules: &[FieldRule],
    before: &Value,
    after: &Value,
) -> Option<Breach> {
    let was = before.pointer(pointer).filter(|was| !is_missing(Some(was)))?;
    let now = after.pointer(pointer);
    let scheme = increasing.scheme;
    let fell = |message: String, note: Option<String>| {
        Some(Breach::FieldFell { pointer: pointer.into(), was: was.show(), now: show(now), message, note })
    };
    let is_excused = || increasing.unless.as_deref().is_some_and(|other| rose(other, rules, before, after));
    let Some(base) = Version::read(scheme, was) else {
        // What was never a version has no place in the order: it blocks nothing.
        let now = now.filter(|now| !is_missing(Some(now)))?;
        if Version::read(scheme, now).is_some() {
            let (was, name) = (written(was), scheme.name());
            let note = format!("{was} is not a {name} version: {} is not compared with it", written(now));
            return Some(Breach::FieldNoted { pointer: pointer.into(), note });
        }
        let fitting = fitting(was, now);
        let (pointer, was, now) = (pointer.to_string(), was.show(), now.show());
        return Some(Breach::NotVersions { pointer, was, now, scheme: scheme.name().into(), fitting });
    };
    let Some(now) = now.filter(|now| !is_missing(Some(now))) else {
        return if is_excused() { None } else { fell("version was removed".into(), None) };
    };
    if matches!(now.kind, Kind::List(_) | Kind::Map(_) | Kind::Bool(_)) {
        return fell(format!("expected a version, found {}", now.describe()), None);
    }
    let Some(head) = Version::read(scheme, now) else {
        return fell(format!("{} is not a {} version", written(now), scheme.name()), None);
    };
    match base.compare(&head) {
        Some(Ordering::Greater) if !is_excused() => {
            let message =
                format!("version decreased from {} to {} ({})", written(was), written(now), scheme.name());
            fell(message, changed_type(was, now))
        }
        _ => changed_type(was, now).map(|note| Breach::FieldNoted { pointer: pointer.into(), note }),
    }
}

/// Returns whether another field of the entry rose in this change.
fn rose(other: &str, rules: &[FieldRule], before: &Value, after: &Value) -> bool {
    let scheme = rules.iter().filter(|rule| rule.pointer == other).find_map(|rule| match &rule.discipline {
        FieldDiscipline::Increasing(increasing) => Some(increasing.scheme),
        _ => None,
    });
    let (Some(was), Some(now)) = (before.pointer(other), after.pointer(other)) else { return false };
    if same(Some(was), Some(now)) {
        return false;
    }
    let compare = |scheme| Version::read(scheme, was)?.compare(&Version::read(scheme, now)?);
    scheme.and_then(compare) == Some(Ordering::Less)
}

/// The version as the document writes it.
fn written(value: &Value) -> String {
    value.source_text().map_or_else(|| value.show(), |text| shorten(&text))
}

/// The change of type between a number and a string, which is compared by what is written.
fn changed_type(was: &Value, now: &Value) -> Option<String> {
    let is_string = |value: &Value| matches!(value.kind, Kind::String(_));
    (is_string(was) != is_string(now)).then(|| {
        format!("{} became {}: they are compared by what is written", was.describe(), now.describe())
    })
}

/// The schemes that accept both values.
fn fitting(was: &Value, now: &Value) -> String {
    let fits =
        |scheme: &Scheme| Version::read(*scheme, was).is_some() && Version::read(*scheme, now).is_some();
    let names: Vec<&str> = Scheme::ALL.into_iter().filter(fits).map(Scheme::name).collect();
    names.join(", ")
}
