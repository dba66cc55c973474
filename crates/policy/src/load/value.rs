//! Reads the sections `security`, `quality` and `performance` of policy files.

use artifact::{Problem, Value};

use super::source::{nearest, problem};
use crate::value::{CAPABILITIES, CHECKS, SETTINGS, Section, SetTo, Setting, SettingKind};

/// The length of an array of names.
const MAX_NAMES: usize = 256;

/// Reads a section; returns each setting with its value and position.
pub(super) fn section<'v>(
    section: Section,
    value: &'v Value,
    problems: &mut Vec<Problem>,
) -> Vec<(&'static Setting, SetTo, &'v Value)> {
    let whole = format!("/{}", section.name());
    let Some(map) = value.as_map() else {
        problems.push(problem(&whole, value, "expected a mapping from names to values"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in map.entries() {
        let name = entry.key.name.as_str();
        let pointer = format!("{whole}/{name}");
        let known = SETTINGS.iter().find(|setting| setting.section == section && setting.name == name);
        let Some(setting) = known else {
            let names: Vec<&str> = SETTINGS
                .iter()
                .filter(|setting| setting.section == section)
                .map(|setting| setting.name)
                .collect();
            let message = format!("unknown {} setting `{name}`{}", section.name(), nearest(name, &names));
            problems
                .push(Problem { span: entry.key.span.clone(), ..problem(&pointer, &entry.value, &message) });
            continue;
        };
        match read(setting.kind, &entry.value) {
            Ok(value) => found.push((setting, value, &entry.value)),
            Err(message) => problems.push(problem(&pointer, &entry.value, &message)),
        }
    }
    found
}

fn read(kind: SettingKind, value: &Value) -> Result<SetTo, String> {
    match kind {
        SettingKind::Truth => {
            value.as_bool().map(SetTo::Truth).ok_or_else(|| "expected `true` or `false`".into())
        }
        SettingKind::Presence => match value.as_str() {
            Some("required") => Ok(SetTo::Presence(true)),
            Some("optional") => Ok(SetTo::Presence(false)),
            _ => Err("expected `required` or `optional`".into()),
        },
        SettingKind::Number(max) => value
            .as_integer()
            .filter(|number| (0..=max).contains(number))
            .map(SetTo::Number)
            .ok_or_else(|| format!("expected an integer from 0 to {max}")),
        SettingKind::Names | SettingKind::Capabilities | SettingKind::Checks => {
            let list = value.as_list().filter(|list| list.len() <= MAX_NAMES);
            let names: Option<Vec<String>> =
                list.and_then(|list| list.iter().map(|value| value.as_str().map(String::from)).collect());
            let names = names.ok_or_else(|| format!("expected an array of at most {MAX_NAMES} strings"))?;
            let (what, known): (_, &[&str]) = match kind {
                SettingKind::Capabilities => ("capability", &CAPABILITIES),
                SettingKind::Checks => ("check", &CHECKS),
                _ => return Ok(SetTo::Names(names)),
            };
            match names.iter().find(|name| !known.contains(&name.as_str())) {
                None => Ok(SetTo::Names(names)),
                Some(name) => Err(format!("unknown {what} `{name}`{}", nearest(name, known))),
            }
        }
    }
}
