//! What a plugin may do is listed, and nothing else is allowed.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use policy::Section;
use snapshot::Result;

use super::words::{as_policy_says, elements, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CAP006` default-deny-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEFAULT_DENY_MISSING,
        summary: "what a plugin may do is listed, and nothing else is allowed",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if state.policy.values.truth(Section::Security, "deny_by_default") != Some(true) {
        return Ok(());
    }
    for (_, spec, value) in specs(state) {
        let mut tell = |pointer: &str, message: String, help: &str| {
            let told = Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help);
            findings.push(as_policy_says(state, "deny_by_default", told));
        };
        let denies = "/actions/deny_by_default";
        if value.pointer(denies).and_then(Value::as_bool) == Some(false) {
            let message = "the plugin allows every action that it does not list";
            tell(denies, message.into(), "set it to true, and list the actions under `allowed`");
        }
        for (pointer, action) in elements(value, "/actions/allowed") {
            if action.as_str().is_some_and(is_every_action) {
                tell(&pointer, format!("{} is every action", action.show()), "name the actions one by one");
            }
        }
    }
    Ok(())
}

/// Whether a pattern is nothing but asterisks and what parts words.
fn is_every_action(action: &str) -> bool {
    action.contains('*') && action.chars().all(|c| c == '*' || !c.is_alphanumeric() && c != '_')
}
