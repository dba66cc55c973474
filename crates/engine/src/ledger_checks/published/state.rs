//! Compares the current content of every published version with what was published.

use std::collections::BTreeMap;

use artifact::Ulid;
use diagnostic::Diagnostic;
use ledger::EventType;
use ledger::files::Files;
use policy::{Date, Policy};
use snapshot::{Error, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use super::unit::{Compared, Unit, changed_message, declared_version};
use crate::levels::finish_existing;
use crate::rule::{LedgerIssue, Rule};
use crate::rule_set::RuleSet;

/// The published versions of an identity, and where it lies now.
#[derive(Default)]
pub(super) struct Last {
    pub(super) path: String,
    pub(super) versions: Vec<Version>,
}

/// A version in the ledger.
#[derive(Default)]
pub(super) struct Version {
    pub(super) version: String,
    tree: Option<ObjectId>,
    sha256: String,
}

/// Opens an object that was published: a tree, or a file.
pub type OpenPublished<'p> = dyn Fn(ObjectId) -> Option<Box<dyn Snapshot + 'p>> + 'p;

/// The current content, compared with what was published.
#[derive(Debug, Default)]
pub struct PublishedState {
    /// What is something else under the same version, at the levels that policy sets, waived where it waives.
    pub findings: Vec<Diagnostic>,
    /// Versions that were never published: new ones in a change, or on a recorded branch those that could not be recorded.
    pub unrecorded: Vec<(RepoPath, String)>,
}

/// Checks whether the current content of each published version is what was published.
///
/// # Errors
/// When something cannot be read.
pub fn check_published(
    rules: &[&'static Rule],
    head: &dyn Snapshot,
    files: &dyn Files,
    open: &OpenPublished<'_>,
    policy: &Policy,
    today: Date,
) -> Result<PublishedState> {
    let PublishedState { mut findings, mut unrecorded } = PublishedState::default();
    for last in last_published(files)?.into_values() {
        let place = RepoPath::from(last.path.as_str());
        let unit = Unit::at(&place);
        let Some(node) = head.find(&place)? else { continue };
        let id = if node.object.mode == Mode::Directory { head.tree_id(&node)? } else { node.object.id };
        if id.is_some() && last.versions.last().is_some_and(|version| id == version.tree) {
            continue;
        }
        let now = declared_version(head, &unit.document)?.filter(|now| !now.is_draft);
        let Some(now) = now else { continue };
        let Some(last) = last.versions.iter().rev().find(|version| version.version == now.version.1) else {
            let other = match last.versions.last() {
                Some(last) => format!("{} was last", last.version),
                None => "no version was".into(),
            };
            let message = format!("version {} was not recorded; {other}", now.version.1);
            unrecorded.push((unit.document.clone(), message));
            continue;
        };
        if id.is_some() && id == last.tree {
            continue;
        }
        // Of what cannot be opened any more the digest is left.
        let before = last.tree.and_then(|tree| Some((open(tree)?, tree)));
        let other = match before {
            Some((before, tree)) => {
                let node_before = Node {
                    path: RepoPath::root(),
                    object: Object { mode: node.object.mode, id: Some(tree) },
                };
                Compared { before: &*before, after: head, unit: &unit, now: &now, strict: false }
                    .first_difference(&node_before, &node)?
            }
            None => match artifact::content::digest(head, &node) {
                Ok(digest) if digest.hex() == last.sha256 => None,
                Ok(_) | Err(Error::TooLarge { .. }) => Some(unit.place.clone()),
                Err(error) => return Err(error),
            },
        };
        findings.extend(other.and_then(|other| {
            let message = changed_message(&unit, &now, "published version", &other);
            RuleSet(rules).ledger_finding(LedgerIssue::Published, message, now.place(&unit))
        }));
    }
    finish_existing(policy, today, &mut findings);
    Ok(PublishedState { findings, unrecorded })
}

/// What was published last of every identity.
pub(super) fn last_published(files: &dyn Files) -> Result<BTreeMap<Ulid, Last>> {
    let mut found: BTreeMap<Ulid, Last> = BTreeMap::new();
    let Some(opened) = ledger::files::checkpoint(files)?.and_then(|bytes| tlog::open(&bytes).ok()) else {
        return Ok(found);
    };
    ledger::events(files, 0, opened.checkpoint.size, &mut |event| {
        let Ok(event) = event else { return };
        let Some(ulid) = event.subject else { return };
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned();
        match event.kind {
            EventType::Create => drop(found.insert(ulid, Last { path: text("path"), ..Last::default() })),
            EventType::Move => found.entry(ulid).or_default().path = text("to"),
            EventType::Publish => {
                let tree = ObjectId::from_hex(text("tree").as_bytes());
                let version = Version { version: text("version"), tree, sha256: text("sha256") };
                found.entry(ulid).or_default().versions.push(version);
            }
            _ => {}
        }
    })?;
    Ok(found)
}
