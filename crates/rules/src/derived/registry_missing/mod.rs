//! A ledger has a registry.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use registry::PATH;
use snapshot::Result;

/// `GEN012` registry-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_MISSING,
        summary: "a tree with a ledger has a registry",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if state.lacks_registry()? {
        let message = format!("{PATH} does not exist, but this tree has a ledger");
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&PATH.into()))
                .help("generate it: id-registry build"),
        );
    }
    Ok(())
}
