//! A plugin denies every action that it does not list.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::request::{elements, specs, with_policy_line};

/// `CAP006` default-deny-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEFAULT_DENY_MISSING,
        summary: "a plugin denies every action that it does not list",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if state.policy.values.truth(Section::Security, "deny_by_default") != Some(true) {
        return Ok(());
    }
    for (_, spec, value) in specs(state) {
        let mut report = |pointer: &str, message: String, help: &str| {
            let finding = Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help);
            findings.push(with_policy_line(state, "deny_by_default", finding));
        };
        let denies = "/actions/deny_by_default";
        if value.pointer(denies).and_then(Value::as_bool) == Some(false) {
            let message = "the plugin allows every action that it does not list";
            report(
                denies,
                message.into(),
                "set deny_by_default to true, and list each action under `allowed`",
            );
        }
        for (pointer, action) in elements(value, "/actions/allowed") {
            if action.as_str().is_some_and(is_every_action) {
                report(
                    &pointer,
                    format!("{} matches every action", action.show()),
                    "list each action by name",
                );
            }
        }
    }
    Ok(())
}

/// Whether a pattern consists of asterisks and separators only.
fn is_every_action(action: &str) -> bool {
    action.contains('*') && action.chars().all(|c| c == '*' || !c.is_alphanumeric() && c != '_')
}
