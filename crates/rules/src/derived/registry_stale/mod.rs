//! A registry is made of the sources that stand beside it.

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `GEN001` registry-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REGISTRY_STALE,
        summary: "a registry is made of the sources that stand beside it",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(registry) = state.registry()? else { return Ok(()) };
    let Some((said, is)) =
        registry.named_sources.as_ref().zip(registry.sources.as_ref()).filter(|(said, is)| said != is)
    else {
        return Ok(());
    };
    let mut what = Vec::new();
    let mut differ = |name: &'static str, differs: bool| what.extend(Some(name).filter(|_| differs));
    differ("cards", said.cards != is.cards);
    differ("plugins", said.plugins != is.plugins);
    differ("ledger", (said.ledger_size, said.ledger_root) != (is.ledger_size, is.ledger_root));
    let message = format!(
        "the registry was made of something else than stands here: {} changed since",
        what.join(" and ")
    );
    let mut finding = Diagnostic::new(&RULE.info, message)
        .at(Location::at(&registry.path, &registry.text, registry.line_of_sources()))
        .help("id-registry build");
    // What a change may leave to its author to do later is said, and no more.
    if !registry.is_touched && !state.pushed {
        finding.level = finding.level.min(Level::Warn);
    }
    findings.push(finding);
    Ok(())
}
