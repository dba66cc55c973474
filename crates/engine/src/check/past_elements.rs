//! The elements of collections that the history of a file had.

use artifact::tolerant;
use policy::{Collection, Discipline};
use repo::{Comparison, Scope, TreeDiffer};
use snapshot::{Kind, RepoPath, Result};

use super::CheckRequest;
use crate::disciplines::{PastElements, digests};

/// Only one path, and the directories that lead to it.
struct OnePath<'p>(&'p RepoPath);

impl Scope for OnePath<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        let inside = directory.join(b"");
        self.0.as_bytes().starts_with(inside.as_bytes())
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        file == self.0
    }
}

/// Returns what finds the elements that the first-parent history of the base branch had: the last value of each key.
pub(super) fn find_past_elements<'r>(
    request: &'r CheckRequest<'r>,
) -> impl Fn(&RepoPath, &Discipline, &Collection) -> Result<PastElements> + 'r {
    move |path, discipline, collection| {
        let objects = request.repository.objects();
        let mut found = PastElements::new();
        let Some(format) = discipline.format_of(path) else { return Ok(found) };
        let mut differ = TreeDiffer::new(objects, Comparison::Deltas);
        let mut next = Some(objects.commit(request.base)?);
        // In a shallow clone the parent is missing: the check could not run.
        while let Some(commit) = next {
            let parent = commit.parents.first().map(|id| objects.commit(*id)).transpose()?;
            let tree = parent.as_ref().map(|parent| parent.tree);
            for change in differ.compare(tree, commit.tree, &OnePath(path))?.changes {
                let file = change.after.filter(|after| after.mode.kind() == Kind::File);
                let Some(id) = file.and_then(|after| after.id) else { continue };
                let text = differ.blob(id)?;
                // A version that cannot be read had no elements that anybody could use.
                let Ok(document) = tolerant::read(format, &text, &tolerant::LIMITS) else { continue };
                for (key, digest) in digests(collection, &document) {
                    found.entry(key).or_insert(digest);
                }
            }
            next = parent;
        }
        Ok(found)
    }
}
