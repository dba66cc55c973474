//! A ledger contract gains only optional fields.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::CONTRACT;
use schema::{Variance, breaks};
use snapshot::Result;

use super::version_step::{place_near, steps};

/// `CMP003` contract-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONTRACT_BREAKING,
        summary: "a ledger contract gains only optional fields",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)? {
        let Some(contract) = step.plugin.documents.get(CONTRACT.as_bytes()) else { continue };
        if !step.touches(state, &contract.path) {
            continue;
        }
        let Some(before_document) = step.open_before(state, CONTRACT)? else { continue };
        // A contract that is not a valid schema is reported by its own rule.
        let (Some(Ok(_)), Some(Ok(_))) = (before_document.schema(), contract.schema()) else { continue };
        let (Ok(before), Ok(after)) = (&before_document.value, &contract.value) else { continue };
        let found = breaks(before, after, Variance::Grow);
        // What it would be incompatible to remove again was added.
        if found.is_empty()
            && let Some(bump) = step.patch_bump(state)
            && let Some(added) = breaks(after, before, Variance::Grow).first()
        {
            let what = "the ledger contract has a new optional field".to_string();
            findings.push(
                Diagnostic::new(&RULE.info, bump.describe_change(&what))
                    .at(place_near(contract, &added.old_pointer))
                    .help(bump.help_addition(step.plugin)),
            );
        }
        for found in found {
            findings.push(
                Diagnostic::new(&RULE.info, format!("incompatible change of the ledger contract: {}", found.message))
                    .at(contract.place(&found.pointer))
                    .related(step.related(state, &before_document, &found.old_pointer, "the earlier value".into()))
                    .help("keep the existing fields and add only optional ones; a new version does not help, because readers see the events of all versions"),
            );
        }
    }
    Ok(())
}
