//! A new key differs from existing keys by more than one character.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// Shorter keys are near to everything.
const SHORTEST: usize = 8;

/// `UNI007` similar-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SIMILAR_KEY,
        summary: "a new key differs from existing keys by more than one character",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in state.cards.iter().filter(|card| state.is_added(&card.path)) {
        let Some(key) = card.text_at("/key").filter(|key| key.len() >= SHORTEST) else { continue };
        let others = state.index.cards.iter().filter(|other| other.path() != card.path);
        let near = others.into_iter().find(|other| {
            let other = other.claims.key.as_str();
            differ_by_one_character(other.as_bytes(), key.as_bytes())
                && without_digits(other) != without_digits(key)
        });
        if let Some(other) = near {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("key {key} differs from {} by one character", other.claims.key),
                )
                .at(card.place("/key"))
                .related(Related {
                    location: Location::of(&other.path()),
                    commit: None,
                    message: "the other key is here".into(),
                })
                .help("if it is a mistake, mint the identity again with the right name"),
            );
        }
    }
    Ok(())
}

/// Whether two keys differ by one added, missing or other character, or by two swapped ones.
fn differ_by_one_character(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - tail], &b[..b.len() - tail]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

fn without_digits(key: &str) -> String {
    key.chars().filter(|character| !character.is_ascii_digit()).collect()
}
