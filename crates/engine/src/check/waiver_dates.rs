//! The days on which a change adds waivers: those of its commits, so that a later run gets the same answer.

use std::collections::{BTreeMap, HashSet};

use policy::{Date, Policy, WAIVERS_PATH, Waiver};
use repo::CommitHeader;
use snapshot::{ObjectId, RepoPath, Result, Snapshot as _};

use super::{CheckRequest, Head};

/// What a waiver covers: code, path, last day and commit.
type Covered = (String, String, Date, Option<ObjectId>);

/// The waivers of the commits of a change, each with the day of the first commit that has it.
pub(super) struct WaiverDates {
    added: BTreeMap<Covered, Date>,
    /// The day of what no commit contains.
    otherwise: Date,
}

impl WaiverDates {
    /// Reads the waivers of each commit that has other ones than the commit before.
    pub(super) fn read(request: &CheckRequest<'_>, commits: &[CommitHeader]) -> Result<WaiverDates> {
        let path = RepoPath::from(WAIVERS_PATH);
        let mut known: HashSet<ObjectId> = HashSet::new();
        let mut added = BTreeMap::new();
        for header in commits {
            let commit = request.repository.commit(header.id)?;
            let Some(id) = commit.find(&path)?.and_then(|node| node.object.id) else { continue };
            if known.insert(id) {
                // Waivers that cannot be read waive nothing; at the head they are an error.
                let waivers = Policy::waivers_of(&commit).unwrap_or_default();
                let Some(date) = Date::of_timestamp(header.time) else { continue };
                for waiver in &waivers {
                    added.entry(covered(waiver)).or_insert(date);
                }
            }
        }
        let last = commits.last().and_then(|commit| Date::of_timestamp(commit.time));
        let otherwise = last.filter(|_| matches!(request.head, Head::Commit(_))).unwrap_or(request.today);
        Ok(WaiverDates { added, otherwise })
    }

    /// Returns the day on which a waiver was added.
    pub(super) fn of(&self, waiver: &Waiver) -> Date {
        self.added.get(&covered(waiver)).copied().unwrap_or(self.otherwise)
    }
}

fn covered(waiver: &Waiver) -> Covered {
    (waiver.code.clone(), waiver.path.as_str().into(), waiver.until, waiver.commit)
}
