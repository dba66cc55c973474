//! Writes objects: blobs, trees, commits and tags that no ref names yet. The same content gives the same object.

use std::collections::BTreeMap;

use gix::objs::Write as _;
use snapshot::{Cause, Error, Mode, ObjectId, RepoPath, Result, Snapshot as _};

use crate::object_id::to_id;
use crate::{ObjectKind, Repository, tree};

impl Repository {
    /// Writes an object and returns its id.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn write_object(&self, kind: ObjectKind, data: &[u8]) -> Result<ObjectId> {
        let id = self.objects().hash_of(kind, data)?;
        if self.objects().contains(id) {
            return Ok(id);
        }
        let local = self.inner.to_thread_local();
        let written = local.objects.write_buf(crate::object_kind::to_gix(kind), data);
        let written = written.map_err(|error| Error::Io {
            what: "an object cannot be written".into(),
            reason: Cause::new(error),
        })?;
        Ok(to_id(&written))
    }

    /// Writes the tree of a commit with additional or replaced regular files; returns the id of the root tree.
    ///
    /// # Errors
    /// When a parent of a file exists and is not a directory, or the system refuses.
    pub fn write_tree(&self, commit: ObjectId, files: &BTreeMap<RepoPath, Vec<u8>>) -> Result<ObjectId> {
        let mut blobs = BTreeMap::new();
        for (path, content) in files {
            blobs.insert(path.clone(), self.write_object(ObjectKind::Blob, content)?);
        }
        let root = self.commit(commit)?.header().tree;
        self.put(Some(root), &RepoPath::root(), &blobs)
    }

    /// Writes a directory with additional files.
    fn put(
        &self,
        directory: Option<ObjectId>,
        path: &RepoPath,
        files: &BTreeMap<RepoPath, ObjectId>,
    ) -> Result<ObjectId> {
        let mut entries: BTreeMap<Vec<u8>, (Mode, ObjectId)> = BTreeMap::new();
        if let Some(snapshot) = directory.and_then(|id| self.tree(id)) {
            let listing = snapshot.list(&snapshot.root()?)?;
            if !listing.faults.is_empty() {
                return Err(Error::Refused {
                    what: format!("the directory {path:?} has entries that git never writes"),
                    help: "check it: id-guard check".into(),
                });
            }
            for entry in listing.iter() {
                entries.extend(entry.object.id.map(|id| (entry.name.to_vec(), (entry.object.mode, id))));
            }
        }
        let depth = path.components().count();
        let mut inside: BTreeMap<Vec<u8>, BTreeMap<RepoPath, ObjectId>> = BTreeMap::new();
        for (file, blob) in files {
            let Some(name) = file.components().nth(depth) else { continue };
            match file.components().nth(depth + 1) {
                None => drop(entries.insert(name.to_vec(), (Mode::File, *blob))),
                Some(_) => drop(inside.entry(name.to_vec()).or_default().insert(file.clone(), *blob)),
            }
        }
        for (name, files) in inside {
            let existing = entries.get(&name).copied();
            if let Some((mode, _)) = existing.filter(|(mode, _)| *mode != Mode::Directory) {
                return Err(Error::Refused {
                    what: format!("{:?} is {}, not a directory", path.join(&name), mode.kind()),
                    help: "replace it with a directory".into(),
                });
            }
            let id = self.put(existing.map(|(_, id)| id), &path.join(&name), &files)?;
            entries.insert(name, (Mode::Directory, id));
        }
        let mut list: Vec<(&[u8], Mode, ObjectId)> =
            entries.iter().map(|(name, (mode, id))| (name.as_slice(), *mode, *id)).collect();
        self.write_object(ObjectKind::Tree, &tree::write(&mut list))
    }
}
