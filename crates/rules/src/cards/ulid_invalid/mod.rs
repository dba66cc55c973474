//! A ULID has its canonical form.

use artifact::Ulid;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `CRD003` ulid-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ULID_INVALID,
        summary: "a ULID has its canonical form",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let specs = state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref());
    for document in state.cards.iter().chain(specs).chain(&state.documents).chain(&state.packs) {
        if let Some(error) = document.text_at("/ulid").and_then(|text| Ulid::parse(text).err()) {
            findings.push(
                Diagnostic::new(&RULE.info, error.to_string())
                    .at(document.place("/ulid"))
                    .help("create the identity with `id-mint`, and copy the ULID that it prints"),
            );
        }
    }
    Ok(())
}
