//! A key is never used for another artifact again.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::{Document, Ledgers, StateContext};

/// `UNI008` key-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::KEY_REUSED,
        summary: "a key is never used for another artifact again",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.identities || state.changes.is_none() {
        return Ok(());
    }
    let wanted = new_keys(state);
    if wanted.is_empty() {
        return Ok(());
    }
    let ledgers = Ledgers::open(state.head)?;
    for (document, key, ulid) in &wanted {
        if let Some((path, text, line)) = ledgers.line_of_another(key, ulid) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("the key {key} was another artifact's"))
                    .at(document.place("/key"))
                    .related(Related {
                        location: Location::at(path, text, line),
                        commit: None,
                        message: "the ledger says so here".into(),
                    })
                    .help("choose a key that no artifact has or had; id-mint finds one"),
            );
        }
    }
    Ok(())
}

/// The keys that the change brings, each with its document and its identity.
fn new_keys<'s>(state: &'s StateContext<'_>) -> Vec<(&'s Document, &'s str, &'s str)> {
    let cards = state.cards.iter().filter(|card| state.is_added(&card.path));
    let renamed = state.plugins.iter().filter_map(|plugin| {
        let spec = plugin.spec.as_ref()?;
        let standing = state.standing.and_then(|standing| standing.plugin(plugin.directory.name()));
        (standing.map(|standing| standing.key.as_str()) != spec.text_at("/key")).then_some(spec)
    });
    let named = cards.chain(renamed);
    named
        .filter_map(|document| Some((document, document.text_at("/key")?, document.text_at("/ulid")?)))
        .collect()
}
