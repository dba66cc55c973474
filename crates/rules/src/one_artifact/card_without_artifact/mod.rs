//! A card names an artifact that stands.

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, RuleInfo};
use snapshot::{RepoPath, Result};

use crate::rule::{Check, Rule};
use crate::state::{Document, StateContext};

/// `ONE002` card-without-artifact.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_WITHOUT_ARTIFACT,
        summary: "a card names an artifact that stands",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in state.cards.iter().filter(|card| state.changes.is_none() || state.is_added(&card.path)) {
        let (Some(ulid), Some(kind), Some(path)) =
            (card.text_at("/ulid"), card.text_at("/kind"), card.text_at("/path"))
        else {
            continue;
        };
        let path = RepoPath::from(path);
        let stands = match ArtifactKind::from_name(kind) {
            Some(ArtifactKind::Plugin) => state.claims.has_spec(ulid),
            Some(ArtifactKind::Document) => carries(state, &state.documents, &path, ulid)?,
            Some(ArtifactKind::PolicyPack) => carries(state, &state.packs, &path.join(b"pack.yaml"), ulid)?,
            Some(ArtifactKind::Module) => state.head.find(&path)?.is_some(),
            None => continue,
        };
        if !stands {
            findings.push(
                Diagnostic::new(&RULE.info, format!("no {kind} with this ULID stands"))
                    .at(card.place("/path"))
                    .help("add the artifact, with this ULID in it; a card alone reserves its key for ever"),
            );
        }
    }
    Ok(())
}

/// Whether the document at a path carries a ULID; one that is not judged is opened for this question alone.
fn carries(state: &StateContext<'_>, judged: &[Document], path: &RepoPath, ulid: &str) -> Result<bool> {
    if let Some(document) = judged.iter().find(|document| document.path == *path) {
        return Ok(document.text_at("/ulid") == Some(ulid));
    }
    Ok(Document::open(state.head, path)?.is_some_and(|document| document.text_at("/ulid") == Some(ulid)))
}
