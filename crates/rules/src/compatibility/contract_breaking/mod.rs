//! A ledger contract only gets optional fields.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::CONTRACT;
use schema::{Variance, breaks};
use snapshot::Result;

use super::words::{stands, steps};

/// `CMP003` contract-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONTRACT_BREAKING,
        summary: "a ledger contract only gets optional fields",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)? {
        let Some(contract) = step.plugin.documents.get(CONTRACT.as_bytes()) else { continue };
        if !state.is_touched(&contract.path) {
            continue;
        }
        let Some(standing) = step.on_base(state, CONTRACT)? else { continue };
        // A contract that is no schema is told by its own rule.
        let (Some(Ok(_)), Some(Ok(_))) = (standing.schema(), contract.schema()) else { continue };
        let (Ok(before), Ok(after)) = (&standing.value, &contract.value) else { continue };
        for found in breaks(before, after, Variance::Grow) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("the contract of events breaks: {}", found.message))
                    .at(contract.place(&found.pointer))
                    .related(stands(state, &standing, &found.old_pointer, "base says this".into()))
                    .help("keep what the contract says, and add optional fields only: no version is high enough, since readers meet the events of all of them"),
            );
        }
    }
    Ok(())
}
