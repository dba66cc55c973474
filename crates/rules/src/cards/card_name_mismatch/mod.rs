//! The file name of an ID card is its ULID.

use artifact::layout::CARDS;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{Kind, RepoPath, Result};

/// `CRD002` card-name-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_NAME_MISMATCH,
        summary: "the file name of an ID card is its ULID",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in &state.cards {
        let name = String::from_utf8_lossy(card.path.name()).into_owned();
        let Some(stem) = name.strip_suffix(".yaml") else {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    "unexpected file: this directory contains only ID cards, named by their ULID",
                )
                .at(Location::of(&card.path))
                .help("name it by its ULID, or move it to another directory"),
            );
            continue;
        };
        if let Some(ulid) = card.text_at("/ulid").filter(|ulid| *ulid != stem) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("the file name is {stem}, but the card contains {ulid}"))
                    .at(card.place("/ulid"))
                    .help("create new cards with `id-mint`; restore an existing card as it was"),
            );
        }
    }
    for stray in &state.stray_cards {
        let (message, help) = match stray.object.mode.kind() {
            Kind::File => (
                format!("this file is not read: an ID card is {CARDS}/<ULID>.yaml, and nothing else is here"),
                format!("move it to {CARDS}, named by its ULID, or out of this directory"),
            ),
            kind if stray.path == RepoPath::from(CARDS).parent() || stray.path == RepoPath::from(CARDS) => (
                format!("this is {kind}, so that no ID card in it is read"),
                "replace it by a directory that contains the ID cards".into(),
            ),
            kind => (
                format!("this is {kind}, and an ID card is a regular file"),
                "replace it by the ID card itself, or remove it".into(),
            ),
        };
        findings.push(Diagnostic::new(&RULE.info, message).at(Location::of(&stray.path)).help(help));
    }
    Ok(())
}
