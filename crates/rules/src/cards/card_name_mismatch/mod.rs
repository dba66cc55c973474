//! A card's file is named for its ULID.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CRD002` card-name-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_NAME_MISMATCH,
        summary: "a card's file is named for its ULID",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in &state.cards {
        let name = String::from_utf8_lossy(card.path.name()).into_owned();
        let Some(stem) = name.strip_suffix(".yaml") else {
            findings.push(
                Diagnostic::new(&RULE.info, "only ID cards lie here, each named <ULID>.yaml")
                    .at(diagnostic::Location::of(&card.path))
                    .help("name it for its ULID, or move it elsewhere"),
            );
            continue;
        };
        if let Some(ulid) = card.text_at("/ulid").filter(|ulid| *ulid != stem) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("the file is named {stem} and the card says {ulid}"))
                    .at(card.place("/ulid"))
                    .help("a new card takes its name from id-mint; a card that stands already is restored as it was"),
            );
        }
    }
    Ok(())
}
