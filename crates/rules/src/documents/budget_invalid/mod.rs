//! Budgets are figures of operations.

use std::collections::BTreeSet;

use artifact::{Problem, Value};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Plugin, Rule, StateContext};
use snapshot::Result;

use super::words::{problem, shown, tell_some};

/// `DOC006` budget-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_INVALID,
        summary: "budgets are figures of operations",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
                        "the budget is of `{}`, and plugin.spec.json lists no such operation",
                        shown(name)
                    ),
                    match known.is_empty() {
                        true => "it lists none".into(),
                        false => format!("it lists {}", listed(&known)),
                    },
                )
            }));
        }
        faults.sort_by_key(|fault| fault.span.start);
        tell_some(&RULE.info, budgets, &faults, findings, |fault| {
            Ok(budgets.to_diagnostic(&RULE.info, fault))
        })?;
    }
    Ok(())
}

/// The names of the operations; `None` where the spec cannot be read.
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
