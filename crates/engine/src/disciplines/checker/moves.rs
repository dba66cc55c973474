//! Finds out where a removed file went: into a directory, to another path, or nowhere.

use std::collections::{BTreeMap, HashMap};

use snapshot::{Change, Kind as FileKind, Object, Result};

use super::DisciplineChecker;
use crate::disciplines::breach::Breach;

/// How many added files are compared with a removed one to find where it went.
const MAX_MOVE_CANDIDATES: usize = 64;
/// How many pairs of files are compared for one difference of two trees.
pub(super) const MAX_SIMILARITY_COMPARISONS: usize = 512;
/// The size limit of a file that is compared line by line.
const MAX_SIMILARITY_BYTES: usize = 1 << 16;

impl DisciplineChecker<'_, '_> {
    /// A fixed path is gone: into a directory, to another place, or altogether.
    pub(super) fn removed(&mut self, change: &Change, before: Object) -> Result<Breach> {
        let inside = change.path.join(b"");
        let added = |change: &&Change| change.before.is_none() && change.after.is_some();
        let from = self.diff.changes.partition_point(|other| other.path.as_bytes() < inside.as_bytes());
        if self
            .diff
            .changes
            .get(from)
            .is_some_and(|other| other.path.as_bytes().starts_with(inside.as_bytes()))
        {
            return Ok(Breach::BecameDirectory);
        }
        let diff = self.diff;
        let additions = self.additions.get_or_insert_with(|| {
            let mut by_content = HashMap::new();
            for other in diff.changes.iter().filter(added) {
                if let Some(id) = other.after.and_then(|after| after.id) {
                    by_content.entry(id).or_insert_with(|| other.path.clone());
                }
            }
            by_content
        });
        if let Some(to) = before.id.and_then(|id| additions.get(&id)) {
            return Ok(Breach::Moved { to: to.clone(), equal: true });
        }
        if before.mode.kind() != FileKind::File {
            return Ok(Breach::Deleted);
        }
        // It only explains, so it may give up: a change of thousands of files explains itself.
        let candidates = diff.changes.iter().filter(added).take(MAX_MOVE_CANDIDATES.min(self.looks));
        let mut old = None;
        for other in candidates {
            self.looks -= 1;
            let Some(after) = other.after.filter(|after| after.mode.kind() == FileKind::File) else {
                continue;
            };
            let old = match &old {
                Some(old) => old,
                None => old.insert(self.contents.before(&change.path, before)?),
            };
            let new = self.contents.after(&other.path, after)?;
            if is_similar(old, &new) {
                return Ok(Breach::Moved { to: other.path.clone(), equal: false });
            }
        }
        Ok(Breach::Deleted)
    }
}

/// Returns whether two files share more than half of their lines. The result only explains and allows nothing.
fn is_similar(old: &[u8], new: &[u8]) -> bool {
    if old.len() > MAX_SIMILARITY_BYTES || new.len() > MAX_SIMILARITY_BYTES {
        return false;
    }
    let mut counts: BTreeMap<&[u8], i32> = BTreeMap::new();
    let mut total = 0;
    for line in old.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        *counts.entry(line).or_default() += 1;
        total += 1;
    }
    let mut shared = 0;
    for line in new.split(|&byte| byte == b'\n') {
        if let Some(count) = counts.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    total > 0 && shared * 2 > total
}
