//! Opens trees that a ledger names: the published content of a version.

use repo::Repository;
use snapshot::{ObjectId, Snapshot};

/// Opens trees that a ledger names.
pub trait OpenTree: Sync {
    /// Opens a tree; `None` if it is not in the repository.
    fn open(&self, id: ObjectId) -> Option<Box<dyn Snapshot + '_>>;
}

impl OpenTree for Repository {
    fn open(&self, id: ObjectId) -> Option<Box<dyn Snapshot + '_>> {
        self.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>)
    }
}
