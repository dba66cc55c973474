//! The creation date of an ID card matches its ULID.

use artifact::Ulid;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Date;
use snapshot::Result;

/// `CRD005` created-at-implausible.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CREATED_AT_IMPLAUSIBLE,
        summary: "the creation date of an ID card matches its ULID",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in &state.cards {
        let Some(created) = card.text_at("/created_at").and_then(|text| Date::parse(text.get(..10)?)) else {
            continue;
        };
        if created.days_after(state.today) > 1 {
            findings.push(
                Diagnostic::new(&RULE.info, format!("`created_at` is {created}, which is in the future"))
                    .at(card.place("/created_at"))
                    .help("set the clock of the machine, and create the card again with `id-mint`"),
            );
            continue;
        }
        let minted = card.text_at("/ulid").and_then(|text| Ulid::parse(text).ok());
        let minted = minted.and_then(|ulid| Date::of_timestamp(i64::try_from(ulid.time() / 1000).ok()?));
        if let Some(minted) = minted.filter(|minted| created.days_after(*minted).abs() > 1) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("`created_at` is {created}, but the ULID was created on {minted}"),
                )
                .at(card.place("/created_at"))
                .help("create the card with `id-mint` instead of copying another one"),
            );
        }
    }
    Ok(())
}
