//! Each budget is a valid figure of an existing operation.

use std::collections::BTreeSet;

use artifact::{Problem, Value};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Plugin, Rule, StateContext};
use snapshot::Result;

use super::findings::{problem, report_some, shown};

/// `DOC006` budget-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_INVALID,
        summary: "each budget is a valid figure of an existing operation",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(budgets) = &state.texts(plugin)?.budgets else { continue };
        let mut faults = budgets.problems.clone();
        if let Some(known) = operations(plugin) {
            let unknown = budgets.read.iter().filter(|(name, _)| !known.contains(name.as_str()));
            faults.extend(unknown.map(|(name, figures)| Problem {
                pointer: format!("/{}", artifact::escape(name)),
                ..problem(
                    &figures.name,
                    format!(
                        "the budget names operation `{}`, which plugin.spec.json does not list",
                        shown(name)
                    ),
                    match known.is_empty() {
                        true => "plugin.spec.json lists no operations".into(),
                        false => format!("plugin.spec.json lists {}", listed(&known)),
                    },
                )
            }));
        }
        faults.sort_by_key(|fault| fault.span.start);
        report_some(&RULE.info, budgets, &faults, findings, |fault| {
            Ok(budgets.to_diagnostic(&RULE.info, fault))
        })?;
    }
    Ok(())
}

/// Returns the names of the operations; `None` if the spec is unreadable.
fn operations(plugin: &Plugin) -> Option<BTreeSet<&str>> {
    let value = plugin.spec.as_ref()?.value.as_ref().ok()?;
    let list = value.pointer("/operations").and_then(Value::as_list).unwrap_or_default();
    Some(list.iter().filter_map(|operation| operation.pointer("/name")?.as_str()).collect())
}

fn listed(names: &BTreeSet<&str>) -> String {
    let shown: Vec<String> = names.iter().take(10).map(|name| format!("`{}`", shown(name))).collect();
    let more = if names.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
