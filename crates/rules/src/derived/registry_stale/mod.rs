//! The registry is up to date with its sources.

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `GEN001` registry-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_STALE,
        summary: "the registry is up to date with its sources",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.registry()? else { return Ok(()) };
    let Some((recorded, actual)) = registry
        .named_sources
        .as_ref()
        .zip(registry.sources.as_ref())
        .filter(|(recorded, actual)| recorded != actual)
    else {
        return Ok(());
    };
    let mut what = Vec::new();
    let mut differ = |name: &'static str, differs: bool| what.extend(Some(name).filter(|_| differs));
    differ("cards", recorded.cards != actual.cards);
    differ("plugins", recorded.plugins != actual.plugins);
    differ(
        "ledger",
        (recorded.ledger_size, recorded.ledger_root) != (actual.ledger_size, actual.ledger_root),
    );
    let message =
        format!("the registry is out of date: {} changed since it was generated", what.join(" and "));
    let mut finding = Diagnostic::new(&RULE.info, message)
        .at(Location::at(&registry.path, &registry.text, registry.line_of_sources()))
        .help("regenerate it: id-registry build");
    // A change that may leave the registry to a later build gets a warning only.
    if !registry.is_touched && !state.pushed {
        finding.level = finding.level.min(Level::Warn);
    }
    findings.push(finding);
    Ok(())
}
