//! Reads refs and annotated tags.

use std::collections::BTreeMap;

use snapshot::{ObjectId, Result};

use crate::error::corrupt;
use crate::object_id::to_id;
use crate::{ObjectKind, Repository};

/// The largest annotated tag that is read; a tag message of ours has a few lines.
const MAX_TAG_BYTES: u64 = 1 << 20;

impl Repository {
    /// Returns the object of a ref by its full name, such as `refs/heads/main`; `None` if it does not exist.
    ///
    /// # Errors
    /// When the ref cannot be read.
    pub fn reference(&self, name: &str) -> Result<Option<ObjectId>> {
        let local = self.inner.to_thread_local();
        let found = local.try_find_reference(name).map_err(|error| corrupt(name, error))?;
        Ok(found.and_then(|reference| reference.target().try_id().map(to_id)))
    }

    /// Returns every tag by its name without `refs/tags/`, with its object: the tag object for an annotated tag.
    ///
    /// # Errors
    /// When the refs cannot be read.
    pub fn tags(&self) -> Result<BTreeMap<String, ObjectId>> {
        let local = self.inner.to_thread_local();
        let references = local.references().map_err(|error| corrupt("refs/tags", error))?;
        let tags = references.prefixed("refs/tags/").map_err(|error| corrupt("refs/tags", error))?;
        let mut found = BTreeMap::new();
        for reference in tags {
            let reference = reference.map_err(|error| corrupt("refs/tags", error))?;
            let mut reference = reference;
            let name = reference.name().as_bstr().to_string();
            // A symbolic tag is resolved.
            let id = match reference.target().try_id().map(to_id) {
                Some(id) => Some(id),
                None => reference.peel_to_id().ok().map(|id| to_id(&id)),
            };
            found.extend(name.strip_prefix("refs/tags/").map(String::from).zip(id));
        }
        Ok(found)
    }

    /// Returns the names of the local branches without `refs/heads/`, in byte order.
    ///
    /// # Errors
    /// When the refs cannot be read.
    pub fn branches(&self) -> Result<Vec<String>> {
        let local = self.inner.to_thread_local();
        let references = local.references().map_err(|error| corrupt("refs/heads", error))?;
        let branches = references.prefixed("refs/heads/").map_err(|error| corrupt("refs/heads", error))?;
        let mut found = Vec::new();
        for reference in branches {
            let reference = reference.map_err(|error| corrupt("refs/heads", error))?;
            found
                .extend(reference.name().as_bstr().to_string().strip_prefix("refs/heads/").map(String::from));
        }
        found.sort();
        Ok(found)
    }

    /// Reads an annotated tag; `None` if the object does not exist, and empty if it is too large or not a tag.
    #[must_use]
    pub fn tag_object(&self, id: ObjectId) -> Option<Vec<u8>> {
        let mut buffer = Vec::new();
        self.objects().contains(id).then(|| {
            match self.objects().verified(id, ObjectKind::Tag, MAX_TAG_BYTES, &mut buffer) {
                Ok(()) => buffer,
                Err(_) => Vec::new(),
            }
        })
    }
}
