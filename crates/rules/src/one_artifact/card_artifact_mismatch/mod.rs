//! A new artifact matches its ID card.

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Artifact, Check, Rule, StateContext};
use index::{IndexedCard, Ledgers};
use snapshot::{RepoPath, Result};

/// `ONE003` card-artifact-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_ARTIFACT_MISMATCH,
        summary: "a new artifact matches its ID card",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut ledgers = None;
    for artifact in state.artifacts() {
        let Some(ulid) = artifact.ulid() else { continue };
        let Some(card) = state.index.card_of(ulid) else { continue };
        let mut report = |differs: Vec<Difference<'_>>| {
            findings.extend(differs.iter().map(|difference| difference.describe(&artifact, &card.path())));
        };
        let claims = &card.claims;
        let kind = artifact.kind.name();
        report(Difference::find("/ulid", "kind of artifact", kind, &claims.kind));
        // In a check of the whole tree, it is not known what changed since the artifact was created.
        if !is_created_here(state, card, &mut ledgers)? {
            continue;
        }
        let key = artifact.key().unwrap_or_default();
        report(Difference::find(artifact.key_pointer(), "key", key, &claims.key));
        let owner = artifact.document.text_at("/owner").unwrap_or_default();
        // A pack need not repeat its owner, and the schema reports a document without one.
        if artifact.kind == ArtifactKind::Plugin || !owner.is_empty() {
            report(Difference::find("/owner", "owner", owner, &claims.owner));
        }
        let place = String::from_utf8_lossy(artifact.place.as_bytes()).into_owned();
        report(Difference::find("", "path", &place, &claims.path));
    }
    Ok(())
}

/// Returns whether this change creates the artifact of a card. A card may be on the base branch before it; the ledger then contains its CREATE alone.
fn is_created_here(
    state: &StateContext<'_>,
    card: &IndexedCard,
    ledgers: &mut Option<Ledgers>,
) -> Result<bool> {
    let ulid = &card.claims.ulid;
    if !state.is_created(ulid) {
        return Ok(false);
    }
    let is_new = state.base_index.is_none_or(|base| base.card(&card.name).is_none());
    if is_new {
        return Ok(true);
    }
    let ledgers = match ledgers {
        Some(opened) => opened,
        None => ledgers.insert(Ledgers::open(state.head)?),
    };
    Ok(!ledgers.has_history(ulid))
}

/// A value that differs between an artifact and its card.
struct Difference<'d> {
    pointer: &'d str,
    what: &'d str,
    here: &'d str,
    there: &'d str,
}

impl<'d> Difference<'d> {
    /// Compares two values; what a card does not contain, it does not determine.
    fn find(pointer: &'d str, what: &'d str, here: &'d str, there: &'d str) -> Vec<Difference<'d>> {
        let differs = here != there && !there.is_empty();
        differs.then_some(Difference { pointer, what, here, there }).into_iter().collect()
    }

    fn describe(&self, artifact: &Artifact<'_>, card: &RepoPath) -> Diagnostic {
        let Difference { pointer, what, here, there } = self;
        let message = if here.is_empty() {
            format!("the {} has no {what}, but the ID card contains {there}", artifact.document_name())
        } else {
            format!("the {what} is {here}, but the ID card contains {there}")
        };
        Diagnostic::new(&RULE.info, message)
            .at(artifact.document.place(pointer))
            .related(Related {
                location: Location::of(card),
                commit: None,
                message: "the ID card is here".into(),
            })
            .help("make them agree before the merge; a merged card never changes")
    }
}
