//! Every artifact has an ID card.

use artifact::{ArtifactKind, Ulid};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Artifact, Check, Rule, StateContext};
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
                    .help(format!("mint its ID card: {}", mint(&artifact, ulid))),
            );
        }
    }
    Ok(())
}

/// Returns the command that mints the ID card of an artifact.
fn mint(artifact: &Artifact<'_>, ulid: &str) -> String {
    let kind = match artifact.kind {
        ArtifactKind::PolicyPack => "pack",
        kind => kind.name(),
    };
    let name = String::from_utf8_lossy(artifact.place.name()).into_owned();
    let name = name.split('.').find(|part| !part.is_empty()).unwrap_or("artifact");
    let place = String::from_utf8_lossy(artifact.place.as_bytes()).into_owned();
    let mut words = vec!["id-mint", kind, name, "--path", &place, "--ulid", ulid];
    let key = artifact.key().filter(|key| artifact::key::is_key(key));
    words.extend(key.into_iter().flat_map(|key| ["--key", key]));
    let owner = artifact.document.text_at("/owner").filter(|owner| !owner.is_empty());
    words.extend(owner.into_iter().flat_map(|owner| ["--owner", owner]));
    words.into_iter().map(artifact::shell::word).collect::<Vec<_>>().join(" ")
}
