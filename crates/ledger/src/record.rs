//! Recording: every commit of the mainline since the last recorded one, whatever it takes to catch up. Running it twice adds nothing.

use repo::{CommitHeader, Comparison, Repository};
use snapshot::{Error, ObjectId, Result};
use tlog::VerifierKey;

use crate::derive::{Derivation, LeftOut, Rewritten, Since, since};
use crate::{Batch, Discipline, Draft};

/// What recording came to.
#[derive(Debug)]
pub enum Outcome {
    /// The events of these many commits were made, ready to be committed.
    Made {
        /// How many commits were looked at.
        commits: usize,
        /// What could not be recorded.
        left_out: Vec<LeftOut>,
    },
    /// The history was rewritten under the ledger: nothing was made.
    Rewritten(Rewritten),
}

/// What the policy of a commit lets the ledger do.
pub type Policy<'p> = dyn Fn(&CommitHeader) -> Result<Discipline> + 'p;

/// Derives what happened since the last recorded commit, and makes its lines.
///
/// A ledger without lines begins with GENESIS at `head`, and with what stands there.
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
    let mut left_out = Vec::new();
    let Some(last) = batch.read.last_src.clone() else {
        if batch.read.size() > 0 {
            return Err(Error::Refused {
                what: "the ledger has lines, and none of them names a commit".into(),
                help: "begin it with `id-ledger record`".into(),
            });
        }
        let header = repository.commit(head)?.header().clone();
        batch.read.machine.discipline = policy(&header)?;
        let drafts = derivation.adopt(&header, origin, key, &batch.read.machine)?;
        make(&mut *batch, &header, &drafts, &mut left_out);
        left_out.append(&mut derivation.left_out);
        return Ok(Outcome::Made { commits: 1, left_out });
    };
    let last = ObjectId::from_hex(last.as_bytes()).ok_or_else(|| Error::Corrupt {
        what: format!("commit {last}"),
        reason: "it is no object's id".into(),
    })?;
    let commits = match since(repository, last, head)? {
        Since::Commits(commits) => commits,
        Since::Rewritten(evidence) => return Ok(Outcome::Rewritten(evidence)),
    };
    for header in &commits {
        batch.read.machine.discipline = policy(header)?;
        let drafts = derivation.commit(header, &batch.read.machine)?;
        left_out.append(&mut derivation.left_out);
        make(&mut *batch, header, &drafts, &mut left_out);
    }
    Ok(Outcome::Made { commits: commits.len(), left_out })
}

/// Makes the lines that a change would bring if it were merged as one commit; returns what could not be recorded.
///
/// # Errors
/// When the history cannot be read.
pub fn preview(
    batch: &mut Batch,
    repository: &Repository,
    before: ObjectId,
    head: ObjectId,
    policy: &Policy<'_>,
) -> Result<Vec<LeftOut>> {
    let mut derivation = Derivation::new(repository, Comparison::Whole);
    let header = repository.commit(head)?.header().clone();
    let before = repository.commit(before)?;
    // The policy that will stand once it is merged.
    batch.read.machine.discipline = policy(&header)?;
    let drafts = derivation.change(&before, &header, &batch.read.machine)?;
    let mut left_out = std::mem::take(&mut derivation.left_out);
    make(batch, &header, &drafts, &mut left_out);
    Ok(left_out)
}

/// Makes the lines of a commit; a step that is refused is left out, and told.
fn make(batch: &mut Batch, header: &CommitHeader, drafts: &[Draft], left_out: &mut Vec<LeftOut>) {
    for draft in drafts {
        if let Err(refusal) = batch.make(draft) {
            let because = refusal.because_of.map(|line| format!(" (line {})", line + 1)).unwrap_or_default();
            let subject = draft.subject.map(|ulid| format!(" of {ulid}")).unwrap_or_default();
            left_out.push(LeftOut {
                commit: header.id,
                path: draft.told_by.clone(),
                message: format!("{}{subject}: {}{because}", draft.kind.name(), refusal.message),
            });
        }
    }
}
