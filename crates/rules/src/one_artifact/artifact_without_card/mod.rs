//! Every artifact has an ID card.

use artifact::{ArtifactKind, Ulid};
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
    for artifact in state.artifacts() {
        let Some(ulid) = artifact.ulid() else { continue };
        if Ulid::parse(ulid).is_ok() && state.index.card_of(ulid).is_none() {
            findings.push(
                Diagnostic::new(&RULE.info, format!("ID card ids/cards/{ulid}.yaml does not exist"))
                    .at(artifact.document.place("/ulid"))
                    .help(format!(
                        "mint an identity with `id-mint {}`, and write its ULID here",
                        match artifact.kind {
                            ArtifactKind::PolicyPack => "pack",
                            kind => kind.name(),
                        }
                    )),
            );
        }
    }
    Ok(())
}
