//! A plugin requests no higher limit than the policy allows.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::request::{Capability, elements, requests, specs, with_policy_line};

/// Each limit: the capability, the policy key, the unit of the policy, and the factor to the unit of the capability.
const LIMITS: [(&str, &str, &str, u128); 4] = [
    ("memory", "memory_mib", "MiB", 1 << 10),
    ("execution", "execution_timeout_ms", "ms", 1),
    ("rate_limits", "outbound_per_minute", "requests a minute", 1),
    ("rate_limits", "outbound_per_hour", "requests an hour", 1),
];

/// `CAP004` limit-too-high.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LIMIT_TOO_HIGH,
        summary: "a plugin requests no higher limit than the policy allows",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let values = &state.policy.values;
    for (capability, name, unit, factor) in LIMITS {
        let Some(most) = values.number(Section::Security, name) else { continue };
        let allowed = u128::try_from(most).unwrap_or(0).saturating_mul(factor);
        for (_, spec, value) in specs(state) {
            let mut report = |pointer: &str, message: String| {
                let finding = Diagnostic::new(&RULE.info, message)
                    .at(spec.place(pointer))
                    .help(format!("request at most {most} {unit}"));
                findings.push(with_policy_line(state, name, finding));
            };
            for request in requests(value, capability) {
                if let Capability::Amount { amount, written, unit: period } = &request.capability
                    && *amount > allowed
                    && unit.ends_with(period)
                {
                    let message =
                        format!("the plugin requests {written}; the policy allows at most {most} {unit}");
                    report(&request.pointer, message);
                }
            }
            if capability != "execution" {
                continue;
            }
            for (pointer, operation) in elements(value, "/operations") {
                let timeout = operation.pointer("/timeout_ms").and_then(Value::as_integer);
                if let Some(timeout) = timeout.filter(|timeout| *timeout > most) {
                    let name = operation.pointer("/name").and_then(Value::as_str).unwrap_or_default();
                    let message = format!(
                        "operation {name} requests {timeout} ms; the policy allows at most {most} ms"
                    );
                    report(&format!("{pointer}/timeout_ms"), message);
                }
            }
        }
    }
    Ok(())
}
