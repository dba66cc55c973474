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
            let name = reference.name().as_bstr().to_string();
            let id = reference.target().try_id().map(to_id);
            found.extend(name.strip_prefix("refs/tags/").map(String::from).zip(id));
        }
        Ok(found)
    }

    /// Reads an annotated tag; `None` where the object is none, or is not there.
    ///
    /// # Errors
    /// When the object is damaged.
    pub fn tag_object(&self, id: ObjectId) -> Result<Option<Vec<u8>>> {
        if !self.objects().contains(id) {
            return Ok(None);
        }
        let mut buffer = Vec::new();
        match self.objects().verified(id, ObjectKind::Tag, LARGEST_TAG, &mut buffer) {
            Ok(()) => Ok(Some(buffer)),
            // A lightweight tag names a commit.
            Err(_) if self.objects().commit(id).is_ok() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn corrupt(name: &str, error: &dyn std::error::Error) -> Error {
    Error::Corrupt { what: name.into(), reason: chain(error) }
}
