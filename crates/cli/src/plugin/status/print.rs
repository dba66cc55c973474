//! The checklist as text and as JSON.

use diagnostic::sanitise;
use serde_json::{Value, json};

use super::Checklist;
use super::items::{Item, State};
use crate::output;

/// Returns the checklist for people: one line for each item, with its findings below.
pub(super) fn text(checklist: &Checklist) -> String {
    let Checklist { key, version, directory, items } = checklist;
    let mut lines = vec![format!("{key} {version} ({directory})")];
    for Item { name, title, state, findings } in items {
        let (word, reason) = match state {
            State::Passed => ("passed", String::new()),
            State::Failed => ("failed", String::new()),
            State::NotRun(reason) => ("not run", format!(": {reason}")),
        };
        lines.push(format!("{word:7}  {name}: {title}{reason}"));
        for found in findings {
            let place = if found.path.is_empty() { String::new() } else { format!("{}: ", found.path) };
            lines.push(format!("           {}: {place}{}", found.code, found.message));
        }
    }
    lines.iter().map(|line| sanitise::text(line) + "\n").collect()
}

/// Returns the checklist for programs.
pub(super) fn json(checklist: &Checklist) -> String {
    let item = |item: &Item| {
        let (state, reason) = match &item.state {
            State::Passed => ("passed", Value::Null),
            State::Failed => ("failed", Value::Null),
            State::NotRun(reason) => ("not run", json!(reason)),
        };
        let findings = item.findings.iter();
        let findings: Vec<Value> = findings
            .map(|found| json!({"code": found.code, "path": found.path, "message": found.message}))
            .collect();
        json!({"item": item.name, "title": item.title, "state": state, "reason": reason, "findings": findings})
    };
    let items: Vec<Value> = checklist.items.iter().map(item).collect();
    let ok = !checklist.items.iter().any(|item| item.state == State::Failed);
    output::json(&json!({
        "schema_version": 1, "key": checklist.key, "version": checklist.version, "path": checklist.directory,
        "ok": ok, "items": items,
    }))
}
