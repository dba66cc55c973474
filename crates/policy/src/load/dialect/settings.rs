//! The settings of a pack with dialects, and the values that a policy gives them.

use std::collections::BTreeMap;
use std::mem::discriminant;

use artifact::{Kind, Problem, Value, escape};

use crate::dialect::Dialect;
use crate::load::source::{nearest, problem};

/// The settings of a pack.
const MAX_SETTINGS: usize = 64;
/// The values in the list of a setting.
const MAX_VALUES: usize = 1024;

/// Reads settings: scalars, or lists of them.
pub(super) fn read(value: &Value, at: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, Value> {
    let Some(map) = value.as_map().filter(|map| map.len() <= MAX_SETTINGS) else {
        let message = format!("expected a mapping from at most {MAX_SETTINGS} names to values");
        problems.push(problem(at, value, &message));
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for entry in map.entries() {
        if is_setting(&entry.value) {
            found.insert(entry.key.name.clone(), entry.value.clone());
        } else {
            let at = format!("{at}/{}", escape(&entry.key.name));
            problems.push(problem(
                &at,
                &entry.value,
                "expected a string, a number, a boolean, or a list of them",
            ));
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

/// Replaces the settings of dialects by those of the policy; one that the pack does not have, or of another type, is a problem.
pub(crate) fn override_settings(
    dialects: &mut [Dialect],
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) {
    for (name, value) in read(value, at, problems) {
        let at = format!("{at}/{}", escape(&name));
        let own = dialects.iter().find_map(|dialect| dialect.settings.get(&name));
        match own {
            Some(own) if discriminant(&own.kind) == discriminant(&value.kind) => {
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
