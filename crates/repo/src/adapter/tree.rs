//! The snapshot of a bare tree object, and the ids that directories without objects would have.

use snapshot::{Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::{commit, refuse_depth};
use crate::{ObjectKind, Objects, tree};

/// A tree object, used as a root directory.
pub struct Tree<'r> {
    objects: &'r Objects,
    id: ObjectId,
}

impl<'r> Tree<'r> {
    pub(crate) fn open(objects: &'r Objects, id: ObjectId) -> Tree<'r> {
        Tree { objects, id }
    }
}

impl Snapshot for Tree<'_> {
    fn name(&self) -> String {
        format!("tree {}", self.id)
    }

    fn root(&self) -> Result<Node> {
        let object = Object { mode: Mode::Directory, id: Some(self.id) };
        Ok(Node { path: RepoPath::root(), object })
    }

    fn list(&self, directory: &Node) -> Result<Listing> {
        commit::list(self.objects, directory).map(|listing| Listing::clone(&listing))
    }

    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>> {
        commit::read(self.objects, file, limit)
    }
}

/// Computes the id of a directory from the ids of its entries; `None` for an empty directory, which git does not record.
pub(crate) fn id_of(
    objects: &Objects,
    snapshot: &dyn Snapshot,
    directory: &Node,
) -> Result<Option<ObjectId>> {
    refuse_depth(objects, &directory.path)?;
    let listing = snapshot.list(directory)?;
    let mut entries = Vec::with_capacity(listing.len());
    for entry in listing.iter() {
        let id = match entry.object.mode {
            Mode::Directory => id_of(
                objects,
                snapshot,
                &Node { path: directory.path.join(entry.name), object: entry.object },
            )?,
            _ => entry.object.id,
        };
        entries.extend(id.map(|id| (entry.name, entry.object.mode, id)));
    }
    if entries.is_empty() {
        return Ok(None);
    }
    objects.hash_of(ObjectKind::Tree, &tree::write(&mut entries)).map(Some)
}
