//! Every plugin is registered where it lies.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `GEN004` artifact-unregistered.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ARTIFACT_UNREGISTERED,
        summary: "every plugin is registered where it lies",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.fresh_registry()? else { return Ok(()) };
    for plugin in state.index.plugins.iter().filter(|plugin| !plugin.ulid.is_empty()) {
        let place = plugin.directory();
        let entry = artifact::Ulid::parse(&plugin.ulid).ok().and_then(|ulid| registry.by_ulid.get(&ulid));
        let message = match entry {
            None => format!("{} is not in the registry", plugin.ulid),
            Some(entry) if entry.path.as_bytes() != place.as_bytes() => {
                format!("{} lies here, and the registry knows it at {}", entry.key, entry.path)
            }
            Some(_) => continue,
        };
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&place.join(index::SPEC.as_bytes())))
                .help("id-ledger record --dry-run says what could not be recorded"),
        );
    }
    Ok(())
}
