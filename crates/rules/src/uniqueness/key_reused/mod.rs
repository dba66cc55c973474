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
    let claims = wanted.iter().filter_map(|NewKey { document, pointer }| {
        Some((document, pointer, document.text_at(pointer)?, document.text_at("/ulid")?))
    });
    let claims: Vec<_> = claims.collect();
    let keys: Vec<(&str, &str)> = claims.iter().map(|(_, _, key, ulid)| (*key, *ulid)).collect();
    for ((document, pointer, key, _), line) in claims.iter().zip(ledgers.lines_of_others(&keys)) {
        if let Some((path, text, line)) = line {
            findings.push(
                Diagnostic::new(&RULE.info, format!("key {key} was used by another artifact before"))
                    .at(document.place(pointer))
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

/// Returns the keys that the change adds.
fn new_keys<'s>(state: &'s StateContext<'_>) -> Vec<NewKey<'s>> {
    let cards = state.cards.iter().filter(|card| state.is_added(&card.path));
    let cards = cards.map(|document| NewKey { document, pointer: "/key" });
    let renamed = state.artifacts().filter_map(|artifact| {
        let on_base = artifact.ulid().and_then(|ulid| state.on_base(ulid)).map(|before| before.key.as_str());
        (on_base != artifact.key())
            .then_some(NewKey { document: artifact.document, pointer: artifact.key_pointer() })
    });
    cards.chain(renamed).filter(|new| new.document.text_at(new.pointer).is_some()).collect()
}

/// A key that the change adds.
struct NewKey<'s> {
    document: &'s Document,
    pointer: &'static str,
}
