//! The settings of a pack with dialects, and the values that a policy gives them.

use std::collections::BTreeMap;
use std::mem::discriminant;

use artifact::{Fields, Kind, Problem, Value, escape};

use crate::dialect::Dialect;
use crate::load::source::{nearest, problem};

/// The settings of a pack.
const MAX_SETTINGS: usize = 64;
/// What a setting is.
const EXPECTED: &str = "expected a string, a number, a boolean, or a list of them";
/// The values in the list of a setting.
const MAX_VALUES: usize = 1024;

/// The settings of a pack, and the values that a policy may give them.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) values: BTreeMap<String, Value>,
    /// Of the settings that have a closed set of values.
    pub(super) allowed: BTreeMap<String, Vec<String>>,
}

impl Settings {
    /// Reads the settings of a pack: scalars, lists of them, or `{default: …, values: […]}` for one with a closed set of values.
    pub(super) fn read(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Settings {
        let mut allowed = BTreeMap::new();
        let closed = |name: &str, value: &Value, at: &str, problems: &mut Vec<Problem>| {
            let (default, values) = closed(value, at, problems)?;
            allowed.insert(name.to_string(), values);
            Some(default)
        };
        let values = read(value, at, problems, closed);
        Settings { values, allowed }
    }
}

/// Reads a setting with a closed set of values: the default, and every value.
fn closed(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Option<(Value, Vec<String>)> {
    let mut fields = Fields::of(value, at, problems)?;
    let default = fields.required_str("default");
    let list = fields.required("values");
    fields.finish();
    let (list, (default, value)) = (list?, default?);
    let names = list.as_list().map(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    match names {
        Some(Some(names)) if names.contains(&default) && names.len() <= MAX_VALUES => {
            Some((value.clone(), names.into_iter().map(String::from).collect()))
        }
        _ => {
            let message =
                format!("expected a list of at most {MAX_VALUES} strings that contains the default");
            problems.push(problem(&format!("{at}/values"), list, &message));
            None
        }
    }
}

/// Reads settings: scalars, or lists of them. A mapping is what `closed` reads in it.
fn read(
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
    mut closed: impl FnMut(&str, &Value, &str, &mut Vec<Problem>) -> Option<Value>,
) -> BTreeMap<String, Value> {
    let Some(map) = value.as_map().filter(|map| map.len() <= MAX_SETTINGS) else {
        let message = format!("expected a mapping from at most {MAX_SETTINGS} names to values");
        problems.push(problem(at, value, &message));
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for entry in map.entries() {
        let at = format!("{at}/{}", escape(&entry.key.name));
        if is_setting(&entry.value) {
            found.insert(entry.key.name.clone(), entry.value.clone());
        } else if entry.value.as_map().is_some_and(|map| map.get("default").or(map.get("values")).is_some()) {
            let value = closed(&entry.key.name, &entry.value, &at, problems);
            found.extend(value.map(|value| (entry.key.name.clone(), value)));
        } else {
            problems.push(problem(&at, &entry.value, EXPECTED));
        }
    }
    found
}

fn is_setting(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Map(_) => false,
        Kind::List(list) => {
            list.len() <= MAX_VALUES
                && list.iter().all(|value| !matches!(value.kind, Kind::Null | Kind::Map(_) | Kind::List(_)))
        }
        Kind::Bool(_) | Kind::Integer(_) | Kind::Number(_) | Kind::String(_) => true,
    }
}

/// Replaces the settings of dialects by those of the policy; one that the pack does not have, of another type, or with a value that the
/// pack does not know, is a problem.
pub(crate) fn override_settings(
    dialects: &mut [Dialect],
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) {
    let no_mapping = |_: &str, value: &Value, at: &str, problems: &mut Vec<Problem>| {
        problems.push(problem(at, value, EXPECTED));
        None
    };
    for (name, value) in read(value, at, problems, no_mapping) {
        let at = format!("{at}/{}", escape(&name));
        let own = dialects.iter().find_map(|dialect| dialect.settings.get(&name));
        match own {
            Some(own) if discriminant(&own.kind) == discriminant(&value.kind) => {
                if let Some(allowed) = allowed(dialects, &name)
                    && !value.source_text().is_some_and(|text| allowed.contains(&&*text))
                {
                    let known: Vec<String> = allowed.iter().map(|one| format!("`{one}`")).collect();
                    let message = format!("expected {}, found {}", known.join(" or "), value.show());
                    problems.push(problem(&at, &value, &message));
                    continue;
                }
                for dialect in dialects.iter_mut() {
                    dialect.settings.insert(name.clone(), value.clone());
                }
            }
            Some(own) => {
                let message =
                    format!("expected {}, as in the pack, found {}", own.describe(), value.describe());
                problems.push(problem(&at, &value, &message));
            }
            None => {
                let names: Vec<&str> =
                    dialects.iter().flat_map(|dialect| dialect.settings.keys().map(String::as_str)).collect();
                let message = format!("the pack has no setting `{name}`{}", nearest(&name, &names));
                problems.push(problem(&at, &value, &message));
            }
        }
    }
}

/// Returns the values that a setting may have: those that the pack lists, else those by which it chooses a schema.
fn allowed<'d>(dialects: &'d [Dialect], name: &str) -> Option<Vec<&'d str>> {
    let listed = dialects.iter().find_map(|dialect| dialect.setting_values.get(name));
    let listed = listed.map(|listed| listed.iter().map(String::as_str).collect());
    listed.or_else(|| dialects.iter().find_map(|dialect| dialect.schema.as_ref()?.values_of_setting(name)))
}
