//! What the registry says is there is there.

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `GEN003` registry-path-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "GEN003",
        name: "registry-path-missing",
        family: super::FAMILY,
        level: Level::Warn,
        summary: "what the registry says is there is there",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.fresh_registry()? else { return Ok(()) };
    for (ulid, entry) in &registry.by_ulid {
        let stands = matches!(entry.status.as_str(), "active" | "deprecated") && entry.version.is_some();
        if stands && state.head.find(&entry.path.as_str().into())?.is_none() {
            let message =
                format!("{} ({ulid}) is {}, and nothing lies at {}", entry.key, entry.status, entry.path);
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(Location::of(&generate::registry::PATH.into()))
                    .help("put it back, or say what became of it: id-ledger append deprecate"),
            );
        }
    }
    Ok(())
}
