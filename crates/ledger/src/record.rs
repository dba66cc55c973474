//! Recording: derives the events of all mainline commits since the last recorded one. Recording twice adds nothing.

use repo::{CommitHeader, Comparison, Repository};
use snapshot::{Change, Error, ObjectId, Result};
use tlog::VerifierKey;

use crate::derive::{Derivation, Omission, Rewritten, Since, since};
use crate::{Batch, Discipline, Draft};

/// The result of recording.
#[derive(Debug)]
pub enum Outcome {
    /// The events were appended to the batch.
    Recorded {
        /// The number of commits that were read.
        commits: usize,
        /// The changes that could not be recorded.
        omissions: Vec<Omission>,
    },
    /// The recorded history was rewritten: nothing was appended.
    Rewritten(Rewritten),
}

/// Returns the policy settings of a commit.
pub type Policy<'p> = dyn Fn(&CommitHeader) -> Result<Discipline> + 'p;

/// Derives the events since the last recorded commit, and appends their lines.
///
/// An empty ledger starts with GENESIS at `head`, and with the identities that exist there.
///
/// # Errors
/// When the history cannot be read.
pub fn record(
    batch: &mut Batch,
    repository: &Repository,
    head: ObjectId,
    origin: &str,
    key: Option<&VerifierKey>,
    policy: &Policy<'_>,
) -> Result<Outcome> {
    let mut derivation = Derivation::new(repository, Comparison::Whole);
    let mut omissions = Vec::new();
    let Some(last) = batch.read.last_src.clone() else {
        if batch.read.size() > 0 {
            return Err(Error::Refused {
                what: "the ledger has lines, but none of them names a commit".into(),
                help: "start the ledger with: id-ledger record".into(),
            });
        }
        let header = repository.commit(head)?.header().clone();
        batch.read.machine.discipline = policy(&header)?;
        let drafts = derivation.adopt(&header, origin, key, &batch.read.machine)?;
        append(&mut *batch, &header, &drafts, &mut omissions);
        omissions.append(&mut derivation.omissions);
        return Ok(Outcome::Recorded { commits: 1, omissions });
    };
    let last = ObjectId::from_hex(last.as_bytes()).ok_or_else(|| Error::Corrupt {
        what: format!("commit {last}"),
        reason: "not a valid object id".into(),
    })?;
    let commits = match since(repository, last, head)? {
        Since::Commits(commits) => commits,
        Since::Rewritten(evidence) => return Ok(Outcome::Rewritten(evidence)),
    };
    for header in &commits {
        batch.read.machine.discipline = policy(header)?;
        let drafts = derivation.commit(header, &batch.read.machine)?;
        omissions.append(&mut derivation.omissions);
        append(&mut *batch, header, &drafts, &mut omissions);
    }
    Ok(Outcome::Recorded { commits: commits.len(), omissions })
}

/// Appends the lines that a change would add if it were merged as one commit; returns the changes that could not be recorded.
///
/// `is_new` selects the differences that belong to the change: not those that the base branch already contains.
///
/// # Errors
/// When the history cannot be read.
pub fn preview(
    batch: &mut Batch,
    repository: &Repository,
    before: ObjectId,
    head: ObjectId,
    policy: &Policy<'_>,
    is_new: &dyn Fn(&Change) -> bool,
) -> Result<Vec<Omission>> {
    let mut derivation = Derivation::new(repository, Comparison::Whole);
    let header = repository.commit(head)?.header().clone();
    let before = repository.commit(before)?;
    // The policy after the merge.
    batch.read.machine.discipline = policy(&header)?;
    let drafts = derivation.change(&before, &header, &batch.read.machine, is_new)?;
    let mut omissions = std::mem::take(&mut derivation.omissions);
    append(batch, &header, &drafts, &mut omissions);
    Ok(omissions)
}

/// Appends the events of a commit; a refused event becomes an omission.
fn append(batch: &mut Batch, header: &CommitHeader, drafts: &[Draft], omissions: &mut Vec<Omission>) {
    for draft in drafts {
        if let Err(refusal) = batch.append(draft) {
            let because = refusal.because_of.map(|line| format!(" (line {})", line + 1)).unwrap_or_default();
            let subject = draft.subject.map(|ulid| format!(" of {ulid}")).unwrap_or_default();
            omissions.push(Omission {
                commit: header.id,
                path: draft.source_file.clone(),
                message: format!("{}{subject}: {}{because}", draft.kind.name(), refusal.message),
                subject: draft.subject,
                kind: Some(draft.kind),
                is_card_edit: false,
            });
        }
    }
}
