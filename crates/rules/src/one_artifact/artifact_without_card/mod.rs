//! Every artifact has its ID card.

use artifact::Ulid;
use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `ONE001` artifact-without-card.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ARTIFACT_WITHOUT_CARD,
        summary: "every artifact has its ID card",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.identities {
        return Ok(());
    }
    let specs = state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref().map(|spec| (spec, "plugin")));
    let documents = state.documents.iter().map(|document| (document, "document"));
    let packs = state.packs.iter().map(|pack| (pack, "pack"));
    for (document, verb) in specs.chain(documents).chain(packs) {
        let Some(ulid) = document.text_at("/ulid") else { continue };
        if Ulid::parse(ulid).is_ok() && state.index.card_of(ulid).is_none() {
            findings.push(
                Diagnostic::new(&RULE.info, format!("there is no card ids/cards/{ulid}.yaml"))
                    .at(document.place("/ulid"))
                    .help(format!("mint one and put its ULID here: id-mint {verb} NAME")),
            );
        }
    }
    Ok(())
}
