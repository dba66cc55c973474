//! The snapshot of the working tree: the files on disk, without running filters or following links.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use gix::bstr::ByteSlice as _;
use gix::index::entry::{self, stat};
use snapshot::{Cause, Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::listed::{self, Listed};
use crate::adapter::{Index, commit, tree};
use crate::error::io;
use crate::{ObjectKind, Repository};

/// The working tree: tracked files, and untracked ones that no `.gitignore` excludes.
pub struct Worktree<'r> {
    repository: &'r Repository,
    root: PathBuf,
    index: Index<'r>,
    /// gix keeps a stack of directories that every query changes.
    excludes: Mutex<gix::worktree::Stack>,
    options: stat::Options,
    /// Whether a checkout converts line feeds to CRLF (git-config(1), `core.autocrlf`).
    wrote_crlf: bool,
    /// Whether the executable bit on disk is unreliable (git-config(1), `core.fileMode`).
    ignores_modes: bool,
    listed: Listed,
}

impl<'r> Worktree<'r> {
    pub(crate) fn open(repository: &'r Repository) -> Result<Worktree<'r>> {
        let root = repository.workdir().ok_or_else(|| Error::Refused {
            what: "this repository is bare: it has no working tree".into(),
            help: "check a commit instead: --head main".into(),
        })?;
        let index = Index::open(repository)?;
        if index.state().entries().iter().any(|entry| entry.flags.contains(entry::Flags::SKIP_WORKTREE)) {
            return Err(Error::Refused {
                what: "the checkout is sparse: the working tree does not contain all files".into(),
                help: "check a commit, such as HEAD, or run: git sparse-checkout disable".into(),
            });
        }
        let wrote_crlf = matches!(repository.core_setting("autocrlf").as_deref(), Some("true" | "input"))
            || attributes_write_crlf(&root);
        let local = repository.inner.to_thread_local();
        let source = gix::worktree::stack::state::ignore::Source::WorktreeThenIdMappingIfNotSkipped;
        let excludes = local
            .excludes(index.state(), None, source)
            .map_err(|error| Error::Io { what: "the ignore files".into(), reason: Cause::new(error) })?
            .detach();
        Ok(Worktree {
            repository,
            root,
            index,
            excludes: Mutex::new(excludes),
            options: stat::Options::default(),
            wrote_crlf,
            listed: Listed::default(),
            ignores_modes: matches!(
                repository.core_setting("filemode").as_deref(),
                Some("false" | "no" | "off" | "0")
            ),
        })
    }

    fn is_tracked(&self, path: &RepoPath, mode: Mode) -> bool {
        let path = path.as_bytes().as_bstr();
        match mode {
            Mode::Directory => self.index.state().path_is_directory(path),
            _ => self.index.state().entry_by_path(path).is_some(),
        }
    }

    fn is_excluded(&self, path: &RepoPath, mode: Mode) -> Result<bool> {
        let entry_mode = match mode {
            Mode::Directory => gix::index::entry::Mode::DIR,
            _ => gix::index::entry::Mode::FILE,
        };
        let local = self.repository.inner.to_thread_local();
        let mut stack = self.excludes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        stack
            .at_entry(path.as_bytes().as_bstr(), Some(entry_mode), &local.objects)
            .map(|platform| platform.is_excluded())
            .map_err(|error| Error::Io {
                what: format!("the ignore rules for {path:?}"),
                reason: Cause::new(error),
            })
    }

    /// Returns the id of a file: the one in the index if size and times are unchanged, else the hash of the content.
    fn id(
        &self,
        path: &RepoPath,
        on_disk: &std::path::Path,
        mode: Mode,
        metadata: &std::fs::Metadata,
    ) -> Result<ObjectId> {
        let state = self.index.state();
        if let Some(entry) = state.entry_by_path(path.as_bytes().as_bstr())
            && let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(on_disk)
            && let Ok(stat) = stat_of(&metadata)
            && entry.stat.matches(&stat, self.options)
            && !entry.stat.is_racy(state.timestamp(), self.options)
            && Mode::from_raw(entry.mode.bits()) == Some(mode)
        {
            return Ok(crate::object_id::to_id(&entry.id));
        }
        let limit = self.repository.objects().limits.blob;
        if metadata.len() > limit {
            return Err(Error::TooLarge { what: format!("{path:?}"), size: metadata.len(), limit });
        }
        let content = content(on_disk, mode, limit)?;
        let objects = self.repository.objects();
        let id = objects.hash_of(ObjectKind::Blob, &content)?;
        let tracked =
            state.entry_by_path(path.as_bytes().as_bstr()).map(|entry| crate::object_id::to_id(&entry.id));
        // A file that differs only by the line ends of the checkout is unchanged.
        if let Some(tracked) = tracked.filter(|tracked| self.wrote_crlf && *tracked != id)
            && objects.hash_of(ObjectKind::Blob, &content.replace("\r\n", "\n"))? == tracked
        {
            return Ok(tracked);
        }
        Ok(id)
    }

    /// Returns the mode of a file on disk; the one in the index if the disk does not record executable files.
    fn mode(&self, path: &RepoPath, mode: Mode) -> Mode {
        if !self.ignores_modes || !matches!(mode, Mode::File | Mode::Executable) {
            return mode;
        }
        let entry = self.index.state().entry_by_path(path.as_bytes().as_bstr());
        let known = entry.and_then(|entry| Mode::from_raw(entry.mode.bits()));
        known.filter(|known| matches!(known, Mode::File | Mode::Executable)).unwrap_or(Mode::File)
    }

    fn on_disk(&self, path: &RepoPath) -> Result<PathBuf> {
        let relative = gix::path::from_byte_slice(path.as_bytes())
            .map_err(|error| Error::Io { what: format!("{path:?}"), reason: Cause::new(error) })?;
        Ok(self.root.join(relative))
    }
}

/// Returns whether the attributes in the root directory make a checkout write CRLF (gitattributes(5), `eol`).
fn attributes_write_crlf(root: &std::path::Path) -> bool {
    let attributes = content(&root.join(".gitattributes"), Mode::File, 1 << 20).unwrap_or_default();
    attributes.contains_str("eol=crlf")
}

fn stat_of(
    metadata: &gix::index::fs::Metadata,
) -> std::result::Result<gix::index::entry::Stat, std::time::SystemTimeError> {
    gix::index::entry::Stat::from_fs(metadata)
}

/// Reads a file, or the target of a link, up to `limit` bytes.
fn content(on_disk: &std::path::Path, mode: Mode, limit: u64) -> Result<Vec<u8>> {
    if mode == Mode::Link {
        let target = std::fs::read_link(on_disk).map_err(|error| io(on_disk, error))?;
        let target = gix::path::into_bstr(target)
            .map_err(|error| Error::Io { what: on_disk.display().to_string(), reason: Cause::new(error) })?;
        return Ok(target.into_owned().into());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(on_disk).map_err(|error| io(on_disk, error))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| io(on_disk, error))?;
    if bytes.len() as u64 > limit {
        let size = bytes.len() as u64;
        return Err(Error::TooLarge { what: on_disk.display().to_string(), size, limit });
    }
    Ok(bytes)
}

fn mode_of(metadata: &std::fs::Metadata, on_disk: &std::path::Path) -> Option<Mode> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        return Some(Mode::Link);
    }
    if kind.is_dir() {
        // A directory with a `.git` is another repository: git records it as a submodule.
        let nested = on_disk.join(".git").symlink_metadata().is_ok();
        return Some(if nested { Mode::Submodule } else { Mode::Directory });
    }
    // Sockets, pipes and devices are not part of a tree.
    kind.is_file().then(|| if is_executable(metadata) { Mode::Executable } else { Mode::File })
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}

impl Worktree<'_> {
    fn listing(&self, directory: &Node) -> Result<Arc<Listing>> {
        self.listed.get(&directory.path, || self.read_listing(directory))
    }

    fn read_listing(&self, directory: &Node) -> Result<Listing> {
        let on_disk = self.on_disk(&directory.path)?;
        let mut listing = Listing::default();
        for entry in std::fs::read_dir(&on_disk).map_err(|error| io(&on_disk, error))? {
            let entry = entry.map_err(|error| io(&on_disk, error))?;
            let name = gix::path::os_string_into_bstring(entry.file_name()).map_err(|error| Error::Io {
                what: on_disk.display().to_string(),
                reason: Cause::new(error),
            })?;
            if directory.path.is_root() && name == ".git" {
                continue;
            }
            let path = directory.path.join(&name);
            let metadata = entry.metadata().map_err(|error| io(&entry.path(), error))?;
            let Some(mode) = mode_of(&metadata, &entry.path()) else { continue };
            let mode = self.mode(&path, mode);
            if !self.is_tracked(&path, mode) && self.is_excluded(&path, mode)? {
                continue;
            }
            match mode {
                Mode::Directory => listing.push(&name, mode, None),
                Mode::Submodule => {
                    let id = self
                        .index
                        .state()
                        .entry_by_path(path.as_bytes().as_bstr())
                        .map(|e| crate::object_id::to_id(&e.id));
                    let null = ObjectId::from_bytes(&vec![0; self.repository.objects().id_length()]);
                    listing.push(&name, mode, id.or(null));
                }
                _ => listing.push(&name, mode, Some(self.id(&path, &entry.path(), mode, &metadata)?)),
            }
        }
        Ok(listing.finish())
    }
}

impl Snapshot for Worktree<'_> {
    fn name(&self) -> String {
        "working tree".into()
    }

    fn root(&self) -> Result<Node> {
        Ok(Node { path: RepoPath::root(), object: Object { mode: Mode::Directory, id: None } })
    }

    fn list(&self, directory: &Node) -> Result<Listing> {
        self.listing(directory).map(|listing| Listing::clone(&listing))
    }

    /// Like the default, but without copying the listings of the parent directories.
    fn find(&self, path: &RepoPath) -> Result<Option<Node>> {
        listed::find(self.root()?, path, &|directory| self.listing(directory))
    }

    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>> {
        // The content of an unchanged file is the blob, not the converted file of the checkout.
        if let Some(id) =
            file.object.id.filter(|id| self.wrote_crlf && self.repository.objects().contains(*id))
        {
            let entry = self.index.state().entry_by_path(file.path.as_bytes().as_bstr());
            if entry.is_some_and(|entry| crate::object_id::to_id(&entry.id) == id) {
                return commit::read(self.repository.objects(), file, limit);
            }
        }
        content(&self.on_disk(&file.path)?, file.object.mode, limit)
    }

    fn tree_id(&self, directory: &Node) -> Result<Option<ObjectId>> {
        tree::id_of(self.repository.objects(), self, directory)
    }
}
