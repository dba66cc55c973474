//! Every operation has a budget, if the policy requires it.

use diagnostic::{Diagnostic, RuleInfo};
use documents::budget::{BUDGETS, Operations};
use engine::{Check, Rule, StateContext, Text};
use policy::Section;
use snapshot::Result;

/// `DOC012` budget-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BUDGET_MISSING,
        summary: "every operation has a budget, if the policy requires it",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(frozen), Some(spec)) = (&texts.frozen, &plugin.spec) else { continue };
        // Unreadable budgets are reported by DOC006.
        let unread = |budgets: &Text<Operations>| budgets.read.is_empty() && !budgets.problems.is_empty();
        if !frozen.requires(Section::Quality, "budgets") || texts.budgets.as_ref().is_some_and(unread) {
            continue;
        }
        for operation in plugin.operations() {
            let name = &operation.name;
            if texts.budgets.as_ref().is_some_and(|budgets| budgets.read.contains_key(name)) {
                continue;
            }
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("operation `{name}` has no budget, which the policy requires"),
                )
                .at(spec.place(&format!("{}/name", operation.pointer)))
                .related(frozen.origin(Section::Quality, "budgets"))
                .help(format!("add a budget to {BUDGETS}, for example: \"{name}\": {{\"p95_ms\": 500}}")),
            );
        }
    }
    Ok(())
}
