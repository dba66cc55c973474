//! A published artifact exists at its path.

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use registry::{Entry, PATH};
use snapshot::Result;

/// `GEN003` registry-path-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_PATH_MISSING,
        summary: "a published artifact exists at its path",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut missing = |entry: &Entry, level: Level| {
        let message = format!("{} is {}, but {} does not exist", entry.key, entry.status, entry.path);
        let mut finding = Diagnostic::new(&RULE.info, message)
            .at(Location::of(&PATH.into()))
            .help("restore the files")
            .help(format!("or record first that it ends: id-ledger append deprecate {} --reason \"no longer used\" --request", entry.key));
        finding.level = finding.level.min(level);
        findings.push(finding);
    };
    let is_published =
        |entry: &Entry| matches!(entry.status.as_str(), "active" | "deprecated") && entry.version.is_some();
    for (_, entry) in state.removed_plugins()? {
        if is_published(&entry) {
            // In the change itself another rule denies it.
            missing(&entry, Level::Warn);
        }
    }
    let Some(registry) = state.fresh_registry()? else { return Ok(()) };
    for entry in registry.by_ulid.values().filter(|entry| is_published(entry)) {
        if state.head.find(&entry.path.as_str().into())?.is_none() {
            missing(entry, Level::Deny);
        }
    }
    Ok(())
}
