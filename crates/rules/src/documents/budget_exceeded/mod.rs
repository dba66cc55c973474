//! Each measured figure is within its budget.

use diagnostic::{Diagnostic, Related, RuleInfo};
use documents::budget::{BudgetViolation, find_violations};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::findings::{current_results, report_some};

/// `DOC008` budget-exceeded.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_EXCEEDED,
        summary: "each measured figure is within its budget",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(budgets), Some(results)) = (&texts.budgets, current_results(state, plugin)?) else {
            continue;
        };
        // Unreadable results prove nothing by what they lack.
        let is_certain = |breach: &BudgetViolation| breach.measured.is_some() || results.problems.is_empty();
        let found: Vec<BudgetViolation> =
            find_violations(&budgets.read, &results.read).into_iter().filter(is_certain).collect();
        report_some(&RULE.info, results, &found, findings, |breach| {
            Ok(results.to_diagnostic(&RULE.info, &breach.problem).related(Related {
                location: budgets.place(breach.set.clone()),
                commit: None,
                message: "the budget".into(),
            }))
        })?;
    }
    Ok(())
}
