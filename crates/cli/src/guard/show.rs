//! What the program knows without a repository: rules, pages, schemas.

use std::borrow::Cow;
use std::process::ExitCode;

use diagnostic::render::REPORT_SCHEMA;
use diagnostic::{Level, RuleId, Tone};
use rules::{ALL, find};
use serde_json::json;

use super::markdown;
use crate::arguments::ColorArgument;
use crate::environment;
use crate::ledger::VERIFY_PROOF_SCHEMA;
use crate::output::{complain, print};

/// The most letters in which a suggestion differs from what was typed.
const MAX_EDITS: usize = 3;
/// The most suggestions.
const MAX_SUGGESTIONS: usize = 3;

/// Returns every schema: its name, its file in this repository, its content.
#[must_use]
pub fn schemas() -> Vec<(&'static str, &'static str, Cow<'static, str>)> {
    let report = ("report", "docs/schemas/report.v1.schema.json", REPORT_SCHEMA.into());
    let event = ("ledger-event", "docs/schemas/ledger-event.v1.schema.json", ::ledger::schema().into());
    let carried = schema::EMBEDDED.iter().map(|schema| (schema.name, schema.path, schema.text.into()));
    let proof = ("verify-proof", "docs/schemas/verify-proof.v1.schema.json", VERIFY_PROOF_SCHEMA.into());
    let policy = ("policy", "docs/schemas/policy.v1.schema.json", ::policy::policy_schema().into());
    let waivers = ("waivers", "docs/schemas/waivers.v1.schema.json", ::policy::waivers_schema().into());
    carried.chain([policy, waivers, event, report, proof]).collect()
}

pub(crate) fn explain(name: &str) -> ExitCode {
    match find(name) {
        Some(rule) => {
            print(&markdown::render(&rules::page(&rule.info), &environment::look(ColorArgument::Auto)))
        }
        None => {
            complain(&unknown_rule(name));
            ExitCode::from(2)
        }
    }
}

/// Suggests the codes and names that are nearest to a misspelt one.
fn unknown_rule(name: &str) -> String {
    let wanted = name.to_lowercase();
    let distance = |id: &RuleId| {
        let code = strsim::damerau_levenshtein(&id.code.to_lowercase(), &wanted);
        (code, id.code).min((strsim::damerau_levenshtein(id.name, &wanted), id.name))
    };
    let mut near: Vec<(usize, &str)> = ALL.iter().map(|rule| distance(&rule.info.id)).collect();
    near.sort_unstable();
    let Some(&(best, _)) = near.first().filter(|(best, _)| *best <= MAX_EDITS.min(wanted.len() / 2)) else {
        return format!("unknown rule `{name}`; `id-guard rules` lists them");
    };
    let near: Vec<String> = near
        .iter()
        .take_while(|(edits, _)| *edits == best)
        .take(MAX_SUGGESTIONS)
        .map(|(_, word)| format!("`{word}`"))
        .collect();
    format!("unknown rule `{name}`; did you mean {}?", near.join(" or "))
}

pub(crate) fn rules(as_json: bool) -> ExitCode {
    if as_json {
        let list: Vec<_> = ALL
            .iter()
            .map(|rule| {
                let info = &rule.info;
                json!({"code": info.id.code, "rule": info.id.name, "family": info.id.family.code, "level": info.id.level.name(), "summary": info.summary})
            })
            .collect();
        return print(&format!("{:#}\n", json!({"schema_version": 1, "rules": list})));
    }
    let width = ALL.iter().map(|rule| rule.info.id.name.len()).max().unwrap_or_default();
    let look = environment::look(ColorArgument::Auto);
    let mut text = String::new();
    for rule in ALL {
        let info = &rule.info;
        let tone = if info.id.level == Level::Deny { Tone::Error } else { Tone::Warning };
        let page = diagnostic::address::HOME.map(|home| diagnostic::address::rule_page(home, info.id.code));
        let code = look.link(page.as_deref(), &look.paint(Tone::Strong, info.id.code));
        let level = look.paint(tone, &format!("{:5}", info.id.level.name()));
        text += &format!("{code}  {:width$}  {level}  {}\n", info.id.name, look.plain(info.summary));
    }
    print(&text)
}

pub(crate) fn schema(name: Option<&str>) -> ExitCode {
    let Some(name) = name else {
        return print(&schemas().iter().map(|(name, ..)| format!("{name}\n")).collect::<String>());
    };
    match schemas().iter().find(|(known, ..)| *known == name) {
        Some((.., text)) => print(text),
        None => {
            complain(&format!("unknown schema `{name}`; id-guard schema lists them"));
            ExitCode::from(2)
        }
    }
}
