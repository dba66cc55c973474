//! `id-guard policy show`: the resolved policy, each value with who set it.

use diagnostic::Tone;
use diagnostic::sanitise::text as plain;
use engine::{PolicyCoverage, policy_coverage};
use policy::{Policy, SETTINGS, Section, SetTo, SettingOrigin};
use serde_json::{Map, Value, json};

use super::{coverage, tree_at};
use crate::arguments::{ColorArgument, ShowArguments};
use crate::environment;
use crate::error::CommandError;
use crate::output;
use crate::session::open;

pub(super) fn run(arguments: &ShowArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.at.place.repo)?;
    let tree = tree_at(&repository, arguments.at.rev.as_deref())?;
    let policy = Policy::load(tree.as_ref())?;
    if let Some(key) = &arguments.why {
        return why(&policy, key, arguments.json);
    }
    let coverage = policy_coverage(tree.as_ref(), &policy)?;
    Ok(if arguments.json { output::json(&whole(&policy, &coverage)) } else { shown(&policy, &coverage) })
}

/// Everything, for people.
fn shown(policy: &Policy, governed: &PolicyCoverage) -> String {
    let mut text = String::new();
    for pack in &policy.packs {
        let day = pack.released.as_deref().map(|day| format!(", released {day}")).unwrap_or_default();
        let whose = if pack.embedded { " (embedded)" } else { "" };
        text += &format!("pack {} {}{day}{whose}\n     sha256 {}\n", pack.name, pack.version, pack.sha256);
        for document in &pack.documents {
            let schema = document.schema.as_ref().map(|_| "a schema".to_string());
            let rules = match document.rules.len() {
                0 => None,
                1 => Some("1 Rego file".to_string()),
                count => Some(format!("{count} Rego files")),
            };
            let by: Vec<String> = schema.into_iter().chain(rules).collect();
            text += &format!("     checks {} with {}\n", document.pattern.as_str(), by.join(" and "));
        }
    }
    for section in Section::ALL {
        if policy.values.of(section).next().is_some() {
            text += &format!("\n{}\n", section.name());
        }
        for (name, value, by) in policy.values.of(section) {
            text += &format!("  {name:24} {:24} {by}\n", written(value));
        }
    }
    if !policy.levels.is_empty() {
        text += "\nlevels\n";
    }
    for (name, level) in &policy.levels {
        let by = last(policy, &format!("levels.{name}")).map_or("", |origin| origin.by.as_str());
        text += &format!("  {name:24} {:24} {by}\n", level.name());
    }
    if !policy.disciplines.is_empty() {
        text += "\npaths\n";
    }
    text += &coverage::lines(policy, governed, |_| true);
    let look = environment::look(ColorArgument::Auto);
    let headings =
        |line: &str| if line.starts_with(' ') { line.into() } else { look.paint(Tone::Strong, line) };
    text.lines().map(|line| headings(&plain(line.trim_end())) + "\n").collect()
}

fn written(value: &SetTo) -> String {
    match value {
        SetTo::Truth(truth) => truth.to_string(),
        SetTo::Number(number) => number.to_string(),
        SetTo::Presence(required) => policy::presence(*required).into(),
        SetTo::Names(names) => format!("[{}]", names.join(", ")),
    }
}

fn json_of(value: &SetTo) -> Value {
    match value {
        SetTo::Truth(truth) => json!(truth),
        SetTo::Number(number) => json!(number),
        SetTo::Presence(required) => json!(policy::presence(*required)),
        SetTo::Names(names) => json!(names),
    }
}

fn last<'p>(policy: &'p Policy, key: &str) -> Option<&'p SettingOrigin> {
    policy.origins.iter().rfind(|origin| origin.key == key)
}

/// Everything, for programs.
fn whole(policy: &Policy, governed: &PolicyCoverage) -> Value {
    let packs: Vec<Value> = policy
        .packs
        .iter()
        .map(|pack| json!({"name": pack.name, "version": pack.version, "sha256": pack.sha256, "released": pack.released, "embedded": pack.embedded}))
        .collect();
    let mut shown = json!({"schema_version": 1, "packs": packs});
    for section in Section::ALL {
        let values: Map<String, Value> = policy
            .values
            .of(section)
            .map(|(name, value, by)| (name.to_string(), json!({"value": json_of(value), "from": by})))
            .collect();
        shown[section.name()] = Value::Object(values);
    }
    let levels: Map<String, Value> = policy
        .levels
        .iter()
        .map(|(name, level)| {
            let by = last(policy, &format!("levels.{name}")).map(|origin| origin.by.clone());
            (name.clone(), json!({"value": level.name(), "from": by}))
        })
        .collect();
    shown["levels"] = Value::Object(levels);
    shown["governed"] = json!(governed.governed);
    shown["paths"] = coverage::json(policy, governed);
    shown
}

/// The edits that a misspelt key has at most.
const MAX_DISTANCE: usize = 3;

/// The parts of a policy file that no pack sets, so that nothing overrides them.
const FILE_PARTS: [&str; 11] = [
    "schema_version",
    "packs",
    "paths",
    "cards",
    "core",
    "ledger",
    "tags",
    "writer",
    "structure.plugins",
    "structure.modules",
    "structure.root",
];

/// Returns the part of a policy file to which a key belongs, if only the file sets it.
fn file_part(key: &str) -> Option<&'static str> {
    let contains = |part: &&str| {
        key.strip_prefix(*part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '[']))
    };
    FILE_PARTS.into_iter().find(contains)
}

/// Everybody's word on a key.
fn why(policy: &Policy, key: &str, as_json: bool) -> Result<String, CommandError> {
    let origin: Vec<&SettingOrigin> = policy.origins.iter().filter(|origin| origin.key == key).collect();
    let setting =
        SETTINGS.iter().find(|setting| format!("{}.{}", setting.section.name(), setting.name) == key);
    let level = key.strip_prefix("levels.").and_then(rules::find);
    if origin.is_empty() && setting.is_none() && level.is_none() {
        if let Some(part) = file_part(key) {
            return Err(CommandError::failed_with(
                format!(
                    "{key} is not a setting that packs share: only policy-packs/policy.yaml sets `{part}`"
                ),
                "settings and levels are listed by: id-guard policy show",
            ));
        }
        let known = SETTINGS.iter().map(|setting| format!("{}.{}", setting.section.name(), setting.name));
        let known = known.chain(rules::ALL.iter().map(|rule| format!("levels.{}", rule.info.id.name)));
        let distance = |known: &String| strsim::damerau_levenshtein(known, key);
        let nearest = known.min_by_key(distance).filter(|known| distance(known) <= MAX_DISTANCE);
        let help = match nearest {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "settings and levels are listed by: id-guard policy show".into(),
        };
        return Err(CommandError::failed_with(format!("policy has no key {key:?}"), help));
    }
    if as_json {
        let list: Vec<Value> = origin
            .iter()
            .map(|origin| json!({"value": origin.value, "by": origin.by, "path": String::from_utf8_lossy(origin.origin.path.as_bytes()), "line": origin.origin.line}))
            .collect();
        return Ok(output::json(&json!({"schema_version": 1, "key": key, "said": list})));
    }
    let mut text = match (setting, level) {
        (Some(setting), _) => format!("{key}: {}\n", setting.summary),
        (None, Some(rule)) => {
            format!("{key}: {}; {} by default\n", rule.info.summary, rule.info.id.level.name())
        }
        (None, None) => format!("{key}\n"),
    };
    let count = origin.len();
    for (at, origin) in origin.iter().enumerate() {
        let place =
            format!("{}:{}", String::from_utf8_lossy(origin.origin.path.as_bytes()), origin.origin.line);
        let whose = if origin.origin.embedded { " (embedded)" } else { "" };
        let effect = if at + 1 == count { "in effect" } else { "overridden" };
        text += &plain(&format!("  {} by {}, {place}{whose}: {effect}", origin.value, origin.by));
        text.push('\n');
    }
    if origin.is_empty() {
        text += "  not set\n";
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(key: &str) -> String {
        let error = why(&Policy::load(&snapshot::Memory::new()).unwrap(), key, false).unwrap_err();
        format!("{}: {}", error.message(), error.help().unwrap_or_default())
    }

    #[test]
    fn a_key_of_the_file_alone_is_not_taken_for_a_misspelt_one() {
        for key in ["ledger.origin", "ledger", "writer.name", "packs[0]", "structure.plugins", "cards"] {
            let text = help(key);
            assert!(
                text.contains("only policy-packs/policy.yaml sets") && !text.contains("did you mean"),
                "{text}"
            );
        }
    }

    #[test]
    fn only_a_near_key_is_suggested() {
        assert!(help("levels.card-chanched").contains("did you mean levels.card-changed?"));
        for key in ["ledgers", "nothing like it at all", ""] {
            assert!(!help(key).contains("did you mean"), "{key}: {}", help(key));
        }
    }
}
