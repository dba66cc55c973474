//! What the registry says is there is there.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use registry::{Entry, PATH};
use snapshot::Result;

/// `GEN003` registry-path-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_PATH_MISSING,
        summary: "what the registry says is there is there",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut missing = |ulid: &str, entry: &Entry| {
        let message =
            format!("{} ({ulid}) is {}, and nothing lies at {}", entry.key, entry.status, entry.path);
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&PATH.into()))
                .help("put it back")
                .help(format!("or say first what became of it, in its spec, or by a request: id-ledger append deprecate {} --reason \"…\" --request", entry.key)),
        );
    };
    let stands =
        |entry: &Entry| matches!(entry.status.as_str(), "active" | "deprecated") && entry.version.is_some();
    for (ulid, entry) in state.removed_plugins()? {
        if stands(&entry) {
            missing(&ulid, &entry);
        }
    }
    let Some(registry) = state.fresh_registry()? else { return Ok(()) };
    for (ulid, entry) in registry.by_ulid.iter().filter(|(_, entry)| stands(entry)) {
        if state.head.find(&entry.path.as_str().into())?.is_none() {
            missing(&ulid.to_string(), entry);
        }
    }
    Ok(())
}
