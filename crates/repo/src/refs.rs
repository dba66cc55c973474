//! Refs and annotated tags, as they stand: nobody's word is taken for what a name means.

use std::collections::BTreeMap;

use snapshot::{Error, ObjectId, Result};

use crate::open::{chain, to_id};
use crate::{ObjectKind, Repository};

/// The largest annotated tag that is read, in bytes.
const LARGEST_TAG: u64 = 1 << 20;

impl Repository {
    /// Returns the object that a ref names, by its whole name, as in `refs/heads/main`; `None` where there is none.
    ///
    /// # Errors
    /// When the ref cannot be read.
    pub fn reference(&self, name: &str) -> Result<Option<ObjectId>> {
        let local = self.inner.to_thread_local();
        let found = local.try_find_reference(name).map_err(|error| corrupt(name, &error))?;
        Ok(found.and_then(|reference| reference.target().try_id().map(to_id)))
    }

    /// Returns every tag by its name, `refs/tags/` left out, with the object that it names: an annotated tag's own.
    ///
    /// # Errors
    /// When the refs cannot be read.
    pub fn tags(&self) -> Result<BTreeMap<String, ObjectId>> {
        let local = self.inner.to_thread_local();
        let references = local.references().map_err(|error| corrupt("refs/tags", &error))?;
        let tags = references.prefixed("refs/tags/").map_err(|error| corrupt("refs/tags", &error))?;
        let mut found = BTreeMap::new();
        for reference in tags {
            let reference = reference.map_err(|error| corrupt("refs/tags", &error))?;
            let mut reference = reference;
            let name = reference.name().as_bstr().to_string();
            // A tag that is another name for something else names what that does.
            let id = match reference.target().try_id().map(to_id) {
                Some(id) => Some(id),
                None => reference.peel_to_id().ok().map(|id| to_id(&id)),
            };
            found.extend(name.strip_prefix("refs/tags/").map(String::from).zip(id));
        }
        Ok(found)
    }

    /// Reads an annotated tag; `None` where the object is not there. One that is too large, or no tag, says nothing.
    #[must_use]
    pub fn tag_object(&self, id: ObjectId) -> Option<Vec<u8>> {
        let mut buffer = Vec::new();
        self.objects().contains(id).then(|| {
            match self.objects().verified(id, ObjectKind::Tag, LARGEST_TAG, &mut buffer) {
                Ok(()) => buffer,
                Err(_) => Vec::new(),
            }
        })
    }
}

fn corrupt(name: &str, error: &dyn std::error::Error) -> Error {
    Error::Corrupt { what: name.into(), reason: chain(error) }
}
