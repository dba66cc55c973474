//! No budget is looser than the policy allows.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::findings::{problem, report_some, shown};

/// `DOC007` budget-over-policy.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_OVER_POLICY,
        summary: "no budget is looser than the policy allows",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
        report_some(&RULE.info, budgets, &over, findings, |(operation, measure, budget, bound)| {
            let message = format!(
                "budget of `{}`: {measure} is {}, but the policy allows at most {bound}",
                shown(operation),
                budget.value
            );
            let finding = budgets.to_diagnostic(
                &RULE.info,
                &problem(&budget.span, message, format!("set it to at most {bound}")),
            );
            Ok(finding.related(frozen.origin(Section::Performance, measure.name())))
        })?;
    }
    Ok(())
}
