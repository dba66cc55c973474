//! The registry lists every plugin at its path.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `GEN004` artifact-unregistered.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ARTIFACT_UNREGISTERED,
        summary: "the registry lists every plugin at its path",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.fresh_registry()? else { return Ok(()) };
    for plugin in state.index.plugins.iter().filter(|plugin| !plugin.ulid.is_empty()) {
        let place = plugin.directory();
        let entry = artifact::Ulid::parse(&plugin.ulid).ok().and_then(|ulid| registry.by_ulid.get(&ulid));
        let message = match entry {
            None if plugin.key.is_empty() => format!("{} is not in the registry", plugin.ulid),
            None => format!("{} is not in the registry", plugin.key),
            Some(entry) if entry.path.as_bytes() != place.as_bytes() => {
                format!("{} is here, but the registry lists it at {}", entry.key, entry.path)
            }
            Some(_) => continue,
        };
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&place.join(index::SPEC.as_bytes())))
                .help("show the events that could not be recorded: id-ledger record --dry-run"),
        );
    }
    Ok(())
}
