//! Opens a repository in isolation: it may be hostile, and nothing in it decides what is read.
//!
//! No environment, no replace refs, no grafts, no hooks, no filters, no program named in any configuration
//! (`Options::isolated` with reduced trust ignores the repository's own settings except for its object format).

use std::path::{Path, PathBuf};

use snapshot::{Cause, Error, Result};

use crate::error::{corrupt, io};
use crate::format::{own_config, refuse_unread_formats};
use crate::limits::Limits;
use crate::objects::{Objects, Stores};
use crate::ownership::{refuse_foreign_alternate, refuse_foreign_owner};
use crate::quarantine::quarantine;
use crate::remedy::Remedy;

/// A repository, opened in isolation.
pub struct Repository {
    pub(crate) inner: gix::ThreadSafeRepository,
    objects: Objects,
    /// The index that is read instead of the default one.
    index: Option<PathBuf>,
}

impl Repository {
    /// Opens the repository at `path`: a working tree, a `.git` directory, a bare repository or a linked worktree.
    ///
    /// # Errors
    /// [`Error::Refused`] for an unsupported format (reftable, unknown extensions), an untrusted owner of the repository or its alternates,
    /// or an environment that describes the quarantine of another push;
    /// [`Error::Io`] if it cannot be opened.
    pub fn open(path: &Path, limits: Limits) -> Result<Repository> {
        let path = path.canonicalize().map_err(|error| io(path, error))?;
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Reduced).config_overrides([
            "core.useReplaceRefs=false",
            "core.commitGraph=false",
            "core.multiPackIndex=false",
            // Reduced trust would limit objects and the index to 16 MB; `Limits` limits each object by its kind.
            "gitoxide.objects.allocLimit=1073741824",
        ]);
        let inner = gix::ThreadSafeRepository::open_opts(&path, options).map_err(|error| Error::Io {
            what: format!("cannot open a git repository at {}", path.display()),
            reason: Cause::new(error),
        })?;
        let local = inner.to_thread_local();
        let (git_dir, common) = (local.git_dir(), local.common_dir());
        let named = local.workdir().unwrap_or(git_dir);
        let link = local.workdir().map(|work| work.join(".git"));
        let mut paths = vec![path.as_path(), named, git_dir, common];
        paths.extend(link.as_deref().filter(|link| link.symlink_metadata().is_ok()));
        refuse_foreign_owner(named, git_dir, &paths)?;
        let config = own_config(common)?;
        refuse_unread_formats(common, &config)?;
        let mut directories = object_directories(common, git_dir)?;
        let quarantine = quarantine(&directories[0], &directories[1..])?;
        directories.extend(quarantine.clone());
        let remedy = Remedy::of(common, &config);
        let objects = Objects::open(&inner, Stores { directories, quarantine }, limits, remedy)?;
        Ok(Repository { inner, objects, index: None })
    }

    /// Finds and opens the repository at `start` or in one of its parent directories.
    ///
    /// # Errors
    /// As [`Repository::open`], and if no repository is found.
    pub fn discover(start: &Path, limits: Limits) -> Result<Repository> {
        let start = start.canonicalize().map_err(|error| io(start, error))?;
        // A directory inside a working tree that looks like a bare repository is content, which is untrusted.
        let marked = |directory: &&Path| directory.join(".git").symlink_metadata().is_ok();
        let bare = |directory: &&Path| directory.join("HEAD").is_file() && directory.join("objects").is_dir();
        let found = start.ancestors().find(marked).or_else(|| start.ancestors().find(bare));
        match found {
            Some(directory) => Repository::open(directory, limits),
            None => Err(Error::Refused {
                what: format!("no git repository at {} or in a parent directory", start.display()),
                help: "run the command inside a repository, or name one with the option --repo".into(),
            }),
        }
    }

    /// Returns the object store.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Selects the index file to read: git can create a temporary one for a hook.
    pub fn use_index(&mut self, path: &Path) {
        // Git's path is relative to the top of the working tree, in whichever directory the hook runs.
        let path = self.workdir().unwrap_or_default().join(path);
        self.index = Some(path).filter(|path| *path != self.inner.to_thread_local().index_path());
    }

    /// Returns the path of the index.
    pub(crate) fn index_place(&self) -> PathBuf {
        self.index.clone().unwrap_or_else(|| self.inner.to_thread_local().index_path())
    }

    /// Returns the directory of the repository shared by all worktrees.
    #[must_use]
    pub fn common_dir(&self) -> PathBuf {
        self.inner.to_thread_local().common_dir().to_path_buf()
    }

    /// Returns the directory of this worktree's own state: its index and its HEAD.
    #[must_use]
    pub fn git_dir(&self) -> PathBuf {
        self.inner.to_thread_local().git_dir().to_path_buf()
    }

    /// Returns the root of the working tree, or `None` for a bare repository.
    #[must_use]
    pub fn workdir(&self) -> Option<PathBuf> {
        self.inner.to_thread_local().workdir().map(Path::to_path_buf)
    }
}

/// Returns the object directories of the repository and its alternates; refuses one of another owner.
fn object_directories(common: &Path, git_dir: &Path) -> Result<Vec<PathBuf>> {
    let own = common.join("objects");
    let listed = gix::odb::alternate::resolve(own.clone(), common)
        .map_err(|error| corrupt("objects/info/alternates", error))?;
    let mut all = vec![own.clone()];
    for alternate in listed {
        refuse_foreign_alternate(&alternate, &own, git_dir)?;
        all.push(alternate);
    }
    Ok(all)
}
