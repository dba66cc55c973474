//! An ID card belongs to an existing artifact.

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::{RepoPath, Result};

/// `ONE002` card-without-artifact.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_WITHOUT_ARTIFACT,
        summary: "an ID card belongs to an existing artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in state.cards.iter().filter(|card| state.changes.is_none() || state.is_added(&card.path)) {
        let (Some(ulid), Some(kind), Some(path)) =
            (card.text_at("/ulid"), card.text_at("/kind"), card.text_at("/path"))
        else {
            continue;
        };
        let path = RepoPath::from(path);
        let exists = match ArtifactKind::from_name(kind) {
            Some(ArtifactKind::Plugin) => state.claims.has_spec(ulid),
            Some(ArtifactKind::Document) => carries(state, &state.documents, &path, ulid)?,
            Some(ArtifactKind::PolicyPack) => carries(state, &state.packs, &path.join(b"pack.yaml"), ulid)?,
            Some(ArtifactKind::Module) => state.head.find(&path)?.is_some(),
            None => continue,
        };
        if !exists {
            findings.push(
                Diagnostic::new(&RULE.info, format!("no {kind} with this ULID exists"))
                    .at(card.place("/path"))
                    .help("add the artifact with this ULID; a card alone reserves its key permanently"),
            );
        }
    }
    Ok(())
}

/// Whether the document at a path contains a ULID; one that is not checked itself is opened for this.
fn carries(state: &StateContext<'_>, checked: &[Document], path: &RepoPath, ulid: &str) -> Result<bool> {
    if let Some(document) = checked.iter().find(|document| document.path == *path) {
        return Ok(document.text_at("/ulid") == Some(ulid));
    }
    Ok(Document::open(state.head, path)?.is_some_and(|document| document.text_at("/ulid") == Some(ulid)))
}
