//! Where objects come from that a partial clone lacks.

use snapshot::{ObjectId, Result};

/// Fetches missing objects.
pub(crate) trait FetchObjects: Send {
    /// Fetches objects, which the object directory contains afterwards.
    ///
    /// # Errors
    /// When they cannot be fetched, or a limit is reached.
    fn fetch(&self, ids: &[ObjectId]) -> Result<()>;
}

/// The source of missing objects.
pub(crate) struct Missing {
    pub(crate) source: Box<dyn FetchObjects>,
    /// Whether nothing is fetched at the moment.
    pub(crate) is_paused: bool,
}
