//! A key is never reused for another artifact.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use index::Ledgers;
use snapshot::Result;

/// `UNI008` key-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::KEY_REUSED,
        summary: "a key is never reused for another artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.has_identities || state.changes.is_none() {
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
                Diagnostic::new(&RULE.info, format!("key {key} was used by another artifact before"))
                    .at(document.place("/key"))
                    .related(Related {
                        location: Location::at(path, text, line),
                        commit: None,
                        message: "recorded in the ledger here".into(),
                    })
                    .help("choose a key that no artifact has or had; `id-mint` derives one from the name"),
            );
        }
    }
    Ok(())
}

/// Returns the keys that the change adds, each with its document and its identity.
fn new_keys<'s>(state: &'s StateContext<'_>) -> Vec<(&'s Document, &'s str, &'s str)> {
    let cards = state.cards.iter().filter(|card| state.is_added(&card.path));
    let renamed = state.plugins.iter().filter_map(|plugin| {
        let spec = plugin.spec.as_ref()?;
        let on_base = state.base_index.and_then(|standing| standing.plugin(&plugin.directory));
        (on_base.map(|plugin| plugin.key.as_str()) != spec.text_at("/key")).then_some(spec)
    });
    let named = cards.chain(renamed);
    named
        .filter_map(|document| Some((document, document.text_at("/key")?, document.text_at("/ulid")?)))
        .collect()
}
