//! What the policy of each commit allows the ledger to record, and who its commits and tags are by.

use std::cell::RefCell;

use ledger::{Discipline, EventType};
use policy::{Policy, WriterSettings};
use repo::{CommitHeader, Repository};
use snapshot::{ObjectId, RepoPath, Result, Snapshot as _};
use tlog::VerifierKey;

/// Returns what a policy allows the ledger to record.
#[must_use]
pub fn discipline(policy: &Policy) -> Discipline {
    let attested = policy.ledger.attested.iter().filter_map(|name| EventType::from_name(name)).collect();
    let attesters = policy.ledger.attesters.iter().filter_map(|key| VerifierKey::parse(key).ok()).collect();
    Discipline {
        back_ports: policy.ledger.back_ports,
        foreign_prefixes: false,
        attested,
        attesters,
        tags: policy.tags.clone(),
        layout: policy.layout.clone(),
    }
}

/// Returns what the policy of each commit allows the ledger to record.
pub fn disciplines(repository: &Repository) -> impl Fn(&CommitHeader) -> Result<Discipline> {
    // A policy that cannot be read allows no more than a missing one.
    let of =
        of_each_commit(repository, |policy| policy.map(|policy| discipline(&policy)).unwrap_or_default());
    move |header| of(header.id)
}

/// Returns the author of tags and commits by the policy of each commit.
pub fn writers(repository: &Repository) -> impl Fn(ObjectId) -> Result<WriterSettings> {
    of_each_commit(repository, |policy| policy.map(|policy| policy.writer).unwrap_or_default())
}

/// Reads the policy of each commit, `None` where it is invalid. Commits with the same policy directory share one reading.
fn of_each_commit<T: Clone>(
    repository: &Repository,
    read: impl Fn(Option<Policy>) -> T,
) -> impl Fn(ObjectId) -> Result<T> {
    let last: RefCell<Option<(Option<ObjectId>, T)>> = RefCell::default();
    move |id| {
        let commit = repository.commit(id)?;
        let directory = commit.find(&RepoPath::from(policy::PACKS))?.and_then(|node| node.object.id);
        if let Some((_, value)) = last.borrow().as_ref().filter(|(known, _)| *known == directory) {
            return Ok(value.clone());
        }
        let value = read(Policy::load(&commit).ok());
        *last.borrow_mut() = Some((directory, value.clone()));
        Ok(value)
    }
}
