//! Field disciplines as policy files write them.

use artifact::{Problem, Value};

use super::pointer;
use super::source::{Source, problem};
use crate::field::{FieldDiscipline, FieldRule, Increasing, Scheme};

/// What a field discipline may be.
const KNOWN: &str = "one of frozen, once, once-while /pointer, grow-only, append-only, increasing [scheme] [unless /pointer rose], forward [a, b, c], frozen-while /pointer";

/// The largest number of fields of one entry: each is looked for in each document, and near every other one.
const MAX_FIELDS: usize = 200;

/// Reads the disciplines of fields, and appends their problems.
pub(super) fn rules(
    source: &Source<'_>,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<Vec<FieldRule>> {
    let Some(map) = value.as_map().filter(|map| !map.is_empty()) else {
        problems.push(problem(at, value, "expected a mapping from JSON pointers to disciplines"));
        return None;
    };
    if map.len() > MAX_FIELDS {
        let message = format!("{} fields in one entry: more than {MAX_FIELDS}", map.len());
        problems.push(problem(at, value, &message));
        return None;
    }
    let mut found: Vec<FieldRule> = Vec::new();
    for entry in map.entries() {
        let of_key =
            |message: &str| Problem { span: entry.key.span.clone(), ..problem(at, &entry.value, message) };
        if let Some(message) = pointer::fault(&entry.key.name) {
            problems.push(of_key(message));
            continue;
        }
        match discipline(&entry.value) {
            Ok(discipline) => found.push(FieldRule {
                pointer: entry.key.name.clone(),
                discipline,
                origin: source.origin_at(entry.key.span.start),
            }),
            Err(fault) => {
                let help = fault.is_none().then(|| KNOWN.to_string());
                let unknown = || format!("unknown field discipline {}", entry.value.show());
                let message = fault.unwrap_or_else(unknown);
                problems.push(Problem { help, ..problem(at, &entry.value, &message) });
            }
        }
    }
    for entry in map.entries() {
        let rule = found.iter().find(|rule| rule.pointer == entry.key.name);
        let Some(FieldDiscipline::Increasing(Increasing { unless: Some(other), .. })) =
            rule.map(|rule| &rule.discipline)
        else {
            continue;
        };
        let increases = |rule: &FieldRule| matches!(rule.discipline, FieldDiscipline::Increasing(_));
        if *other == entry.key.name || !found.iter().any(|rule| rule.pointer == *other && increases(rule)) {
            let message =
                format!("`{other}` has no discipline `increasing` in this entry, so it cannot rise");
            problems.push(problem(at, &entry.value, &message));
        }
    }
    Some(found)
}

/// Reads `frozen`, `forward [a, b]`, or the mapping `{forward: [a, b]}`; fails with what is wrong, where more is known than that.
fn discipline(value: &Value) -> Result<FieldDiscipline, Option<String>> {
    if let Some(map) = value.as_map() {
        let entry = map.entries().next().filter(|entry| map.len() == 1 && entry.key.name == "forward");
        let states = entry.and_then(|entry| entry.value.as_list()).ok_or(None)?;
        let states: Option<Vec<_>> = states.iter().map(|state| state.as_str().map(String::from)).collect();
        return states.filter(|states| states.len() > 1).map(FieldDiscipline::Forward).ok_or(None);
    }
    let text = value.as_str().ok_or(None)?;
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    match (name, rest.trim()) {
        ("frozen", "") => Ok(FieldDiscipline::Frozen),
        ("once", "") => Ok(FieldDiscipline::Once),
        ("grow-only", "") => Ok(FieldDiscipline::GrowOnly),
        ("append-only", "") => Ok(FieldDiscipline::AppendOnly),
        ("increasing", rest) => increasing(rest).map(FieldDiscipline::Increasing),
        ("frozen-while", other) => checked(other).map(FieldDiscipline::FrozenWhile),
        ("once-while", other) => checked(other).map(FieldDiscipline::OnceWhile),
        ("forward", states) => {
            let states = states.strip_prefix('[').and_then(|states| states.strip_suffix(']')).ok_or(None)?;
            let states: Vec<String> = states.split(',').map(|state| state.trim().to_string()).collect();
            let valid = states.len() > 1 && states.iter().all(|state| !state.is_empty());
            if valid { Ok(FieldDiscipline::Forward(states)) } else { Err(None) }
        }
        _ => Err(None),
    }
}

/// Reads what follows `increasing`: a scheme, and `unless /pointer rose`.
fn increasing(text: &str) -> Result<Increasing, Option<String>> {
    let (scheme, unless) = match text.split_once("unless ") {
        Some((scheme, condition)) => {
            let other = condition.trim().strip_suffix(" rose").ok_or(None)?;
            (scheme.trim(), Some(checked(other.trim())?))
        }
        None => (text, None),
    };
    let known = || Scheme::ALL.map(Scheme::name).join(", ");
    let scheme = match scheme {
        "" => Scheme::default(),
        name => Scheme::from_name(name)
            .ok_or_else(|| Some(format!("unknown version scheme `{name}`: expected one of {}", known())))?,
    };
    Ok(Increasing { scheme, unless })
}

/// Returns a pointer to another field, or what is wrong with it.
fn checked(text: &str) -> Result<String, Option<String>> {
    match pointer::fault(text) {
        None if text.is_empty() => Err(None),
        None => Ok(text.into()),
        Some(message) => Err(Some(message.into())),
    }
}
