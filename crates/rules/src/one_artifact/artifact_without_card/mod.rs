//! Every artifact has an ID card.

use artifact::Ulid;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `ONE001` artifact-without-card.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ARTIFACT_WITHOUT_CARD,
        summary: "every artifact has an ID card",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.has_identities {
        return Ok(());
    }
    let specs = state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref().map(|spec| (spec, "plugin")));
    let documents = state.documents.iter().map(|document| (document, "document"));
    let packs = state.packs.iter().map(|pack| (pack, "pack"));
    for (document, verb) in specs.chain(documents).chain(packs) {
        let Some(ulid) = document.text_at("/ulid") else { continue };
        if Ulid::parse(ulid).is_ok() && state.index.card_of(ulid).is_none() {
            findings.push(
                Diagnostic::new(&RULE.info, format!("ID card ids/cards/{ulid}.yaml does not exist"))
                    .at(document.place("/ulid"))
                    .help(format!("mint an identity with `id-mint {verb}`, and write its ULID here")),
            );
        }
    }
    Ok(())
}
