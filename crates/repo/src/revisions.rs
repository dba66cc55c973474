//! Resolves revisions, and reads HEAD, merges in progress and the shallow boundary.

use gix::bstr::ByteSlice as _;
use snapshot::{Error, ObjectId, Result};

use crate::Repository;
use crate::error::io;
use crate::object_id::to_id;

impl Repository {
    /// Returns the commit that a revision names (`HEAD`, `main`, `v1^`, an id); `None` if it names nothing.
    ///
    /// # Errors
    /// When the name is ambiguous, or does not name a commit.
    pub fn resolve(&self, name: &str) -> Result<Option<ObjectId>> {
        let local = self.inner.to_thread_local();
        if let Some(id) = ObjectId::from_hex(name.as_bytes()) {
            return self.objects().peel_to_commit(id).map(Some);
        }
        self.refuse_ambiguous(name)?;
        let spec = match local.rev_parse_single(name.as_bytes().as_bstr()) {
            Ok(id) => id,
            Err(_) => return Ok(None),
        };
        self.objects().peel_to_commit(to_id(&spec)).map(Some)
    }

    /// Refuses a name that is both a tag and a branch: git prefers the tag (gitrevisions(7)), so the author of a tag could choose the base.
    fn refuse_ambiguous(&self, name: &str) -> Result<()> {
        let name = &name[..name.find(['~', '^', '@', ':']).unwrap_or(name.len())];
        if name.is_empty() || name == "HEAD" || name.starts_with("refs/") {
            return Ok(());
        }
        let local = self.inner.to_thread_local();
        let mut found: Vec<(String, Option<ObjectId>)> = Vec::new();
        for place in ["refs/heads/", "refs/tags/", "refs/remotes/"] {
            let full = format!("{place}{name}");
            if let Ok(Some(mut reference)) = local.try_find_reference(full.as_str()) {
                let id = reference.peel_to_id().ok().map(|id| to_id(&id));
                found.push((full, id));
            }
        }
        match found.windows(2).find(|pair| pair[0].1 != pair[1].1) {
            None => Ok(()),
            Some(pair) => Err(Error::Refused {
                what: format!("`{name}` is both {} and {}", pair[0].0, pair[1].0),
                help: format!("use the full name: {} or {}", pair[0].0, pair[1].0),
            }),
        }
    }

    /// Returns the target of a symbolic ref, such as `refs/remotes/origin/main` for `refs/remotes/origin/HEAD`.
    #[must_use]
    pub fn symbolic_target(&self, name: &str) -> Option<String> {
        let local = self.inner.to_thread_local();
        let reference = local.try_find_reference(name).ok()??;
        Some(reference.target().try_name()?.as_bstr().to_string())
    }

    /// Returns the current branch, such as `refs/heads/main`; `None` if `HEAD` is detached.
    #[must_use]
    pub fn head_branch(&self) -> Option<String> {
        self.symbolic_target("HEAD")
    }

    /// Returns the commits of a merge in progress: the further parents of the next commit.
    ///
    /// # Errors
    /// When `MERGE_HEAD` cannot be read.
    pub fn merge_heads(&self) -> Result<Vec<ObjectId>> {
        let path = self.inner.to_thread_local().git_dir().join("MERGE_HEAD");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(bytes.split(|&byte| byte == b'\n').filter_map(ObjectId::from_hex).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&path, error)),
        }
    }

    /// Returns the boundary commits of a shallow clone; empty for a full clone.
    ///
    /// # Errors
    /// When the shallow file cannot be read.
    pub fn shallow_boundary(&self) -> Result<Vec<ObjectId>> {
        let path = self.inner.to_thread_local().common_dir().join("shallow");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(bytes.split(|&byte| byte == b'\n').filter_map(ObjectId::from_hex).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&path, error)),
        }
    }

    /// Describes replace refs and the grafts file, which git uses and this program ignores.
    #[must_use]
    pub fn ignored_substitutions(&self) -> Vec<String> {
        let common = self.common_dir();
        let mut found = Vec::new();
        let local = self.inner.to_thread_local();
        let count = local
            .references()
            .ok()
            .and_then(|refs| refs.prefixed("refs/replace/").map(|refs| refs.count()).ok())
            .unwrap_or_default();
        if count > 0 {
            found.push(format!("{count} replace refs under refs/replace/"));
        }
        if common.join("info/grafts").is_file() {
            found.push("the grafts file info/grafts".into());
        }
        found
    }
}
