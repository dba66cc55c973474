//! A plugin asks for no more than policy allows.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use policy::Section;
use snapshot::Result;

use super::words::{What, as_policy_says, asks, elements, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// What is limited: the capability, the value of policy, how its unit reads and what it is in the capability's own.
const LIMITS: [(&str, &str, &str, u128); 3] = [
    ("memory", "memory_mib", "MiB", 1 << 10),
    ("execution", "execution_timeout_ms", "ms", 1),
    ("rate_limits", "outbound_per_minute", "requests a minute", 1),
];

/// `CAP004` limit-too-high.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LIMIT_TOO_HIGH,
        summary: "a plugin asks for no more than policy allows",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let values = &state.policy.values;
    for (capability, name, unit, factor) in LIMITS {
        let Some(most) = values.number(Section::Security, name) else { continue };
        let allowed = u128::try_from(most).unwrap_or(0).saturating_mul(factor);
        for (_, spec, value) in specs(state) {
            let mut tell = |pointer: &str, message: String| {
                let told = Diagnostic::new(&RULE.info, message)
                    .at(spec.place(pointer))
                    .help(format!("ask for at most {most} {unit}"));
                findings.push(as_policy_says(state, name, told));
            };
            for ask in asks(value, capability) {
                if let What::Amount { much, written } = &ask.what
                    && *much > allowed
                {
                    let message = format!("the plugin asks for {written}, and policy allows {most} {unit}");
                    tell(&ask.pointer, message);
                }
            }
            if capability != "execution" {
                continue;
            }
            for (pointer, operation) in elements(value, "/operations") {
                let timeout = operation.pointer("/timeout_ms").and_then(Value::as_integer);
                if let Some(timeout) = timeout.filter(|timeout| *timeout > most) {
                    let name = operation.pointer("/name").and_then(Value::as_str).unwrap_or_default();
                    let message =
                        format!("the operation {name} asks for {timeout} ms, and policy allows {most} ms");
                    tell(&format!("{pointer}/timeout_ms"), message);
                }
            }
        }
    }
    Ok(())
}
