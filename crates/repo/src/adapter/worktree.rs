//! The snapshot of the working tree: the files on disk as git would store them, without running programs or following links.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use gix::bstr::ByteSlice as _;
use gix::index::entry::{self, stat};
use gix_worktree::Stack;
use gix_worktree::stack::State;
use gix_worktree::stack::state::{Ignore, ignore};
use snapshot::{Cause, Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::listed::{self, Listed};
use crate::adapter::stored::{Conversion, Stored};
use crate::adapter::{Index, commit, tree};
use crate::error::io;
use crate::objects::lock;
use crate::{ObjectKind, Repository};

/// The working tree: tracked files, and untracked ones that no ignore rule excludes.
pub struct Worktree<'r> {
    repository: &'r Repository,
    root: PathBuf,
    index: Index<'r>,
    /// gix keeps a stack of directories that every query changes.
    excludes: Mutex<Stack>,
    conversion: Conversion,
    /// Whether the executable bit on disk is unreliable (git-config(1), `core.fileMode`).
    ignores_modes: bool,
    listed: Listed,
    notes: Mutex<WorktreeNotes>,
}

/// What a working tree has beside its files.
#[derive(Debug, Clone, Default)]
pub struct WorktreeNotes {
    /// Modified files whose stored form is unknown, with the attribute that makes it so: only a program knows it.
    pub unconverted: BTreeMap<RepoPath, String>,
    /// What is left out by the user's own ignore files or `info/exclude`: others do not ignore it.
    pub left_out: BTreeSet<RepoPath>,
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
        let excludes = excludes(repository, &root, index.state())?;
        let conversion = Conversion::open(repository, root.clone(), index.state())?;
        Ok(Worktree {
            repository,
            root,
            index,
            excludes: Mutex::new(excludes),
            conversion,
            listed: Listed::default(),
            ignores_modes: matches!(
                repository.core_setting("filemode").as_deref(),
                Some("false" | "no" | "off" | "0")
            ),
            notes: Mutex::default(),
        })
    }

    /// Returns what was noted about the directories that have been listed so far.
    #[must_use]
    pub fn notes(&self) -> WorktreeNotes {
        lock(&self.notes).clone()
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
        let mut stack = lock(&self.excludes);
        let platform =
            stack.at_entry(path.as_bytes().as_bstr(), Some(entry_mode), &local.objects).map_err(|error| {
                Error::Io { what: format!("the ignore rules for {path:?}"), reason: Cause::new(error) }
            })?;
        let Some(found) = platform.matching_exclude_pattern() else { return Ok(false) };
        let is_excluded = !found.pattern.is_negative();
        let is_shared = found.source.is_some_and(|source| source.ends_with(".gitignore"));
        if is_excluded && !is_shared {
            lock(&self.notes).left_out.insert(path.clone());
        }
        Ok(is_excluded)
    }

    /// Returns the id of a file: the one in the index if size and times are unchanged, else the hash of what git would store.
    fn id(
        &self,
        path: &RepoPath,
        on_disk: &std::path::Path,
        mode: Mode,
        metadata: &std::fs::Metadata,
    ) -> Result<ObjectId> {
        let entry = self.entry(path);
        if let Some(entry) = entry
            && self.is_unchanged(entry, on_disk, mode, false)
        {
            return Ok(crate::object_id::to_id(&entry.id));
        }
        let limit = self.repository.objects().limits.blob;
        if metadata.len() > limit {
            return Err(Error::TooLarge { what: format!("{path:?}"), size: metadata.len(), limit });
        }
        let objects = self.repository.objects();
        let content = content(on_disk, mode, limit)?;
        if mode == Mode::Link {
            return objects.hash_of(ObjectKind::Blob, &content);
        }
        match self.stored(path, &content)? {
            Stored::Content(stored) => objects.hash_of(ObjectKind::Blob, &stored),
            Stored::Unknown(attribute) => {
                // Its times may be as close to those of the index as they are: only its content could show more.
                if let Some(entry) = entry.filter(|entry| self.is_unchanged(entry, on_disk, mode, true)) {
                    return Ok(crate::object_id::to_id(&entry.id));
                }
                let id = objects.hash_of(ObjectKind::Blob, &content)?;
                if entry.is_none_or(|entry| crate::object_id::to_id(&entry.id) != id) {
                    lock(&self.notes).unconverted.insert(path.clone(), attribute);
                }
                Ok(id)
            }
        }
    }

    fn entry(&self, path: &RepoPath) -> Option<&gix::index::Entry> {
        self.index.state().entry_by_path(path.as_bytes().as_bstr())
    }

    /// Returns whether a file has the size and times that the index recorded. `exactly` compares the nanoseconds; otherwise a file that was
    /// written in the second of the index is not trusted.
    fn is_unchanged(
        &self,
        entry: &gix::index::Entry,
        on_disk: &std::path::Path,
        mode: Mode,
        exactly: bool,
    ) -> bool {
        let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(on_disk) else { return false };
        let Ok(stat) = gix::index::entry::Stat::from_fs(&metadata) else { return false };
        let options = stat::Options { use_nsec: exactly, ..stat::Options::default() };
        entry.stat.matches(&stat, options)
            && (exactly || !entry.stat.is_racy(self.index.state().timestamp(), options))
            && Mode::from_raw(entry.mode.bits()) == Some(mode)
    }

    /// Returns what git would store of a file.
    fn stored(&self, path: &RepoPath, content: &[u8]) -> Result<Stored> {
        let in_index = || self.repository.blob_of_index(self.entry(path));
        self.conversion.stored(self.repository, path, content.to_vec(), &in_index)
    }

    /// Returns the mode of a file on disk; the one in the index if the disk does not record executable files.
    fn mode(&self, path: &RepoPath, mode: Mode) -> Mode {
        if !self.ignores_modes || !matches!(mode, Mode::File | Mode::Executable) {
            return mode;
        }
        let known = self.entry(path).and_then(|entry| Mode::from_raw(entry.mode.bits()));
        known.filter(|known| matches!(known, Mode::File | Mode::Executable)).unwrap_or(Mode::File)
    }

    fn on_disk(&self, path: &RepoPath) -> Result<PathBuf> {
        let relative = gix::path::from_byte_slice(path.as_bytes())
            .map_err(|error| Error::Io { what: format!("{path:?}"), reason: Cause::new(error) })?;
        Ok(self.root.join(relative))
    }
}

/// Prepares the ignore rules: `.gitignore` files, `info/exclude` and the user's own file, as git reads them (gitignore(5)).
fn excludes(repository: &Repository, root: &std::path::Path, index: &gix::index::File) -> Result<Stack> {
    let parse = gix::ignore::search::Ignore::default();
    let mut buffer = Vec::new();
    let file = repository.user_file("excludesFile", "ignore");
    let globals = gix::ignore::Search::from_git_dir(&repository.common_dir(), file, &mut buffer, parse)
        .map_err(|error| Error::Io { what: "the ignore files".into(), reason: Cause::new(error) })?;
    let source = ignore::Source::WorktreeThenIdMappingIfNotSkipped;
    let rules = Ignore::new(gix::ignore::Search::default(), globals, None, source, parse);
    let state = State::IgnoreStack(rules);
    let case = repository.case();
    let mappings = state.id_mappings_from_index(index, index.path_backing(), case);
    Ok(Stack::new(root, state, case, buffer, mappings))
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
        let objects = self.repository.objects();
        let recorded = self.entry(&file.path).map(|entry| crate::object_id::to_id(&entry.id));
        if recorded.is_some_and(|id| file.object.id == Some(id) && objects.contains(id)) {
            return commit::read(objects, file, limit);
        }
        let content = content(&self.on_disk(&file.path)?, file.object.mode, limit)?;
        if file.object.mode == Mode::Link {
            return Ok(content);
        }
        match self.stored(&file.path, &content)? {
            Stored::Content(stored) => Ok(stored),
            Stored::Unknown(_) => Ok(content),
        }
    }

    fn tree_id(&self, directory: &Node) -> Result<Option<ObjectId>> {
        tree::id_of(self.repository.objects(), self, directory)
    }
}
