//! A card was minted when it says.

use artifact::Ulid;
use diagnostic::{Diagnostic, RuleInfo};
use policy::Date;
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CRD005` created-at-implausible.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CREATED_AT_IMPLAUSIBLE,
        summary: "a card was minted when it says",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in &state.cards {
        let Some(said) = card.text_at("/created_at").and_then(|text| Date::parse(text.get(..10)?)) else {
            continue;
        };
        if said.days_after(state.today) > 1 {
            findings.push(
                Diagnostic::new(&RULE.info, "the card was minted in the future")
                    .at(card.place("/created_at"))
                    .help("set the clock, and mint it again with id-mint"),
            );
            continue;
        }
        let minted = card.text_at("/ulid").and_then(|text| Ulid::parse(text).ok());
        let minted = minted.and_then(|ulid| Date::of_timestamp(i64::try_from(ulid.time() / 1000).ok()?));
        if let Some(minted) = minted.filter(|minted| said.days_after(*minted).abs() > 1) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("the ULID was made on {minted}, and the card says otherwise"),
                )
                .at(card.place("/created_at"))
                .help("mint it again with id-mint instead of copying another card"),
            );
        }
    }
    Ok(())
}
