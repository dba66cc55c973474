//! A ledger contract requires the common fields.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// What every event carries.
const COMMON: [&str; 4] = ["timestamp", "ulid", "status", "summary"];

/// `SCH005` contract-incomplete.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONTRACT_INCOMPLETE,
        summary: "a ledger contract requires the common fields",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(contract) = plugin.documents.get(b"ledger_contract.json".as_slice()) else { continue };
        let value = match &contract.value {
            Ok(value) => value,
            Err(error) => {
                findings.push(contract.unreadable(&RULE.info, error));
                continue;
            }
        };
        if let Some(Err(problem)) = contract.schema() {
            findings.push(contract.to_diagnostic(&RULE.info, problem.problem.clone()));
            continue;
        }
        let required: Vec<&str> = value
            .pointer("/required")
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let missing: Vec<&str> = COMMON.into_iter().filter(|field| !required.contains(field)).collect();
        if !missing.is_empty() {
            findings.push(
                Diagnostic::new(&RULE.info, format!("the contract does not require {}", missing.join(", ")))
                    .at(contract.place("/required"))
                    .help(format!(
                        "\"required\": [{}]",
                        COMMON.map(|field| format!("\"{field}\"")).join(", ")
                    )),
            );
        }
    }
    Ok(())
}
