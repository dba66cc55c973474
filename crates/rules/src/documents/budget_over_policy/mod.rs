//! A budget allows no more than policy.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::words::{problem, shown, tell_some};

/// `DOC007` budget-over-policy.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_OVER_POLICY,
        summary: "a budget allows no more than policy",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(budgets), Some(frozen)) = (&texts.budgets, &texts.frozen) else { continue };
        let mut over = Vec::new();
        for (operation, figures) in &budgets.read {
            for (measure, budget) in &figures.measures {
                let Some(bound) = frozen.number(Section::Performance, measure.name()) else { continue };
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "policy sets no number beyond a day of milliseconds"
                )]
                if !measure.is_within(budget.value, bound as f64) {
                    over.push((operation, *measure, budget, bound));
                }
            }
        }
        tell_some(&RULE.info, budgets, &over, findings, |(operation, measure, budget, bound)| {
            let message = format!(
                "the budget of `{}` sets {measure} to {}, and policy allows {bound}",
                shown(operation),
                budget.value
            );
            let told = budgets
                .to_diagnostic(&RULE.info, &problem(&budget.span, message, format!("write at most {bound}")));
            Ok(told.related(frozen.origin(Section::Performance, measure.name())))
        })?;
    }
    Ok(())
}
