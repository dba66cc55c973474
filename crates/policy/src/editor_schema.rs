//! The JSON Schemas of policy and waivers, with which editors complete and check the files.

use std::fmt::Write as _;

use diagnostic::Level;

use crate::value::{CAPABILITIES, CHECKS, SETTINGS, Section, Setting, SettingKind};

const POLICY: &str = include_str!("../schemas/policy.v1.schema.json");
const WAIVERS: &str = include_str!("../schemas/waivers.v1.schema.json");

/// Returns the schema of `policy-packs/policy.yaml`. Rules and values of sections come from the lists that the reader uses.
#[must_use]
pub fn policy_schema() -> String {
    let mut generated = String::new();
    for section in Section::ALL {
        let own = SETTINGS.iter().filter(|setting| setting.section == section);
        let properties: Vec<String> = own.map(setting_schema).collect();
        let name = section.name();
        let _ = write!(
            generated,
            "    \"{name}\": {{\n      \"description\": \"values of this section that plugins must comply with\",\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {{\n{}\n      }}\n    }},\n",
            properties.join(",\n")
        );
    }
    let _ = write!(
        generated,
        "    \"levels\": {{\n      \"description\": \"deny, warn or allow, by the name or code of a rule\",\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {{\n{}\n      }}\n    }},\n",
        levels().join(",\n")
    );
    let marker = "    \"structure\": {";
    POLICY.replacen(marker, &(generated + marker), 1)
}

/// Returns the schema of `policy-packs/waivers.yaml`.
#[must_use]
pub fn waivers_schema() -> String {
    let rules: Vec<String> =
        codes::ALL.iter().flat_map(|rule| [rule.code, rule.name]).map(|word| format!("\"{word}\"")).collect();
    let any = "\"code\": { \"type\": \"string\",";
    WAIVERS.replacen(any, &format!("\"code\": {{ \"enum\": [{}],", rules.join(", ")), 1)
}

fn setting_schema(setting: &Setting) -> String {
    let kind = match setting.kind {
        SettingKind::Truth => "\"type\": \"boolean\"".to_string(),
        SettingKind::Number(max) => format!("\"type\": \"integer\", \"minimum\": 0, \"maximum\": {max}"),
        SettingKind::Presence => "\"enum\": [\"required\", \"optional\"]".into(),
        SettingKind::Names => {
            "\"type\": \"array\", \"maxItems\": 256, \"items\": { \"type\": \"string\" }".into()
        }
        SettingKind::Capabilities => names_of(&CAPABILITIES),
        SettingKind::Checks => names_of(&CHECKS),
    };
    format!("        \"{}\": {{ {kind}, \"description\": \"{}\" }}", setting.name, setting.summary)
}

/// Returns the keywords of an array of known names.
fn names_of(known: &[&str]) -> String {
    let names: Vec<String> = known.iter().map(|name| format!("\"{name}\"")).collect();
    format!("\"type\": \"array\", \"items\": {{ \"enum\": [{}] }}", names.join(", "))
}

fn levels() -> Vec<String> {
    let names: Vec<String> = [Level::Deny, Level::Warn, Level::Allow]
        .into_iter()
        .map(|level| format!("\"{}\"", level.name()))
        .collect();
    let one = |word: &str, about: &str| {
        format!("        \"{word}\": {{ \"enum\": [{}], \"description\": \"{about}\" }}", names.join(", "))
    };
    let by_name = |rule: &codes::RuleId| {
        let default = rule.level.name();
        one(rule.name, &format!("{}, {default} by default", rule.code))
    };
    let by_code = |rule: &codes::RuleId| one(rule.code, &format!("{}, as its name", rule.name));
    codes::ALL.iter().map(by_name).chain(codes::ALL.iter().map(by_code)).collect()
}
