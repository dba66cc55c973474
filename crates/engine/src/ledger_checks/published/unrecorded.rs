//! Versions of a tree that the ledger does not contain.

use std::collections::BTreeMap;

use artifact::{Ulid, Value};
use diagnostic::{Diagnostic, Location};
use index::Index;
use ledger::files::Files;
use snapshot::{RepoPath, Result, Snapshot};

use super::state::last_published;
use super::unit::{Unit, declared_version};
use crate::rule::LedgerIssue;
use crate::rule_set::RuleSet;

/// The status of an artifact whose versions are not published yet.
const DRAFT: &str = "draft";

/// A version that the ledger does not contain.
pub(crate) struct UnrecordedVersion {
    /// The document that declares it.
    pub(crate) document: RepoPath,
    place: Location,
    message: String,
}

impl UnrecordedVersion {
    /// Describes a version whose document is known.
    pub(crate) fn new(document: RepoPath, message: String) -> UnrecordedVersion {
        UnrecordedVersion { place: Location::of(&document), document, message }
    }

    /// Reports it.
    pub(crate) fn finding(self, rules: RuleSet<'_>) -> Option<Diagnostic> {
        rules.ledger_finding(LedgerIssue::VersionUnrecorded, self.message, self.place)
    }
}

/// Finds the versions that documents of a tree declare and the ledger does not contain; drafts are not published.
///
/// # Errors
/// When something cannot be read.
pub(crate) fn unrecorded_versions(
    head: &dyn Snapshot,
    index: &Index,
    files: &dyn Files,
) -> Result<Vec<UnrecordedVersion>> {
    let recorded = last_published(files)?;
    let mut candidates: BTreeMap<RepoPath, Ulid> = BTreeMap::new();
    for (ulid, last) in &recorded {
        candidates.insert(Unit::at(&RepoPath::from(last.path.as_str())).document, *ulid);
    }
    // What was never created is at the path of its card, or where its spec is now.
    for card in &index.cards {
        let Ok(ulid) = Ulid::parse(&card.claims.ulid) else { continue };
        if recorded.contains_key(&ulid) || card.claims.kind == "module" || card.claims.path.is_empty() {
            continue;
        }
        let plugin = index.plugins.iter().find(|plugin| plugin.ulid == card.claims.ulid);
        let place = plugin
            .map_or_else(|| RepoPath::from(card.claims.path.as_str()), |plugin| plugin.directory().clone());
        candidates.insert(Unit::at(&place).document, ulid);
    }
    let mut found = Vec::new();
    for (document, ulid) in candidates {
        let Some(now) = declared_version(head, &document)? else { continue };
        let is_draft = now.value.pointer("/status").and_then(Value::as_str) == Some(DRAFT);
        if now.ulid != ulid.to_string() || is_draft {
            continue;
        }
        let version = &now.version.1;
        let last = recorded.get(&ulid);
        if last.is_some_and(|last| last.versions.iter().any(|known| known.version == *version)) {
            continue;
        }
        let other = match last.and_then(|last| last.versions.last()) {
            Some(last) => format!("its last version there is {}", last.version),
            None => "no version of it is".into(),
        };
        let message = format!("version {version} is on the main branch and not in the ledger; {other}");
        found.push(UnrecordedVersion { place: now.place_of(&document), document, message });
    }
    Ok(found)
}
