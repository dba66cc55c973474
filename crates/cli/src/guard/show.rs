//! What the program knows without a repository: rules, pages, schemas.

use std::borrow::Cow;
use std::process::ExitCode;

use diagnostic::render::REPORT_SCHEMA;
use rules::{ALL, find};
use serde_json::json;

use crate::output::{complain, print};

/// Returns every schema: its name, its file in this repository, its content.
#[must_use]
pub fn schemas() -> Vec<(&'static str, &'static str, Cow<'static, str>)> {
    let report = ("report", "docs/schemas/report.v1.schema.json", REPORT_SCHEMA.into());
    let event = ("ledger-event", "docs/schemas/ledger-event.v1.schema.json", ::ledger::schema().into());
    let carried = schema::EMBEDDED.iter().map(|schema| (schema.name, schema.path, schema.text.into()));
    carried.chain([event, report]).collect()
}

pub(crate) fn explain(name: &str) -> ExitCode {
    match find(name) {
        Some(rule) => print(&rules::page(&rule.info)),
        None => {
            complain(&format!("there is no rule {name}; `id-guard rules` lists them"));
            ExitCode::from(2)
        }
    }
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
    let mut text = String::new();
    for rule in ALL {
        let info = &rule.info;
        text += &format!(
            "{}  {:width$}  {:5}  {}\n",
            info.id.code,
            info.id.name,
            info.id.level.name(),
            info.summary
        );
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
