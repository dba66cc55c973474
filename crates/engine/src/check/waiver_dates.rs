//! The days on which a change adds waivers: those of its commits, so that a later run gets the same answer.

use std::collections::HashSet;

use policy::{Date, Policy, WAIVERS_PATH, Waiver};
use repo::CommitHeader;
use snapshot::{ObjectId, RepoPath, Result, Snapshot as _};

use super::{CheckRequest, Head};

/// The waivers of the commits of a change, oldest first, each with the day of the commit.
pub(super) struct WaiverDates {
    added: Vec<(Date, Vec<Waiver>)>,
    /// The day of what no commit contains.
    otherwise: Date,
}

impl WaiverDates {
    /// Reads the waivers of each commit that has other ones than the commit before.
    pub(super) fn read(request: &CheckRequest<'_>, commits: &[CommitHeader]) -> Result<WaiverDates> {
        let path = RepoPath::from(WAIVERS_PATH);
        let mut known: HashSet<ObjectId> = HashSet::new();
        let mut added = Vec::new();
        for header in commits {
            let commit = request.repository.commit(header.id)?;
            let Some(id) = commit.find(&path)?.and_then(|node| node.object.id) else { continue };
            if known.insert(id) {
                // Waivers that cannot be read waive nothing; at the head they are an error.
                let waivers = Policy::waivers_of(&commit).unwrap_or_default();
                added.extend(Date::of_timestamp(header.time).map(|date| (date, waivers)));
            }
        }
        let last = commits.last().and_then(|commit| Date::of_timestamp(commit.time));
        let otherwise = last.filter(|_| matches!(request.head, Head::Commit(_))).unwrap_or(request.today);
        Ok(WaiverDates { added, otherwise })
    }

    /// Returns the day on which a waiver was added.
    pub(super) fn of(&self, waiver: &Waiver) -> Date {
        let first = self.added.iter().find(|(_, waivers)| waivers.iter().any(|known| known.is_same(waiver)));
        first.map_or(self.otherwise, |(date, _)| *date)
    }
}
