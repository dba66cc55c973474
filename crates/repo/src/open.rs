//! Opening a repository that a stranger may have prepared, so that nothing in it decides what is read.
//!
//! No environment, no replace refs, no grafts, no hooks, no filters, no program named in any configuration
//! (`Options::isolated` with reduced trust ignores the repository's own settings but for its object format).

use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice as _;
use snapshot::{Error, ObjectId, Result};

use crate::{Objects, adapter};

/// The bounds that keep hostile input from taking memory or time without end.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest tree object, in bytes.
    pub tree: u64,
    /// The largest commit object, in bytes.
    pub commit: u64,
    /// The largest governed blob, in bytes.
    pub blob: u64,
    /// The deepest directory.
    pub depth: usize,
    /// The most commits a walk visits.
    pub commits: usize,
    /// The most paths, and the most directories, that one comparison meets.
    pub paths: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            tree: 256 << 20,
            commit: 16 << 20,
            blob: 512 << 20,
            depth: 128,
            commits: 5_000_000,
            paths: 1_000_000,
        }
    }
}

/// A repository, opened in isolation.
pub struct Repository {
    pub(crate) inner: gix::ThreadSafeRepository,
    objects: Objects,
    /// The index that is read instead of the repository's own.
    index: Option<PathBuf>,
}

impl Repository {
    /// Opens the repository at `path`: a working tree, a `.git` directory, a bare repository or a linked worktree.
    ///
    /// # Errors
    /// [`Error::Refused`] for what this program does not read (reftable, unknown extensions) or does not trust (a foreign owner, alternates of
    /// a foreign owner); [`Error::Io`] where there is no repository.
    pub fn open(path: &Path, limits: Limits) -> Result<Repository> {
        let path = path.canonicalize().map_err(|error| io(path, &error))?;
        refuse_foreign_owner(&path)?;
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Reduced).config_overrides([
            "core.useReplaceRefs=false",
            "core.commitGraph=false",
            "core.multiPackIndex=false",
            // Reduced trust would bound objects and index to 16 MB: `Limits` does, each object by its kind.
            "gitoxide.objects.allocLimit=1073741824",
        ]);
        let inner = gix::ThreadSafeRepository::open_opts(&path, options).map_err(|error| Error::Io {
            what: format!("no git repository can be opened at {}", path.display()),
            reason: chain(&error),
        })?;
        let local = inner.to_thread_local();
        refuse_unread_formats(local.common_dir())?;
        refuse_foreign_owner(local.git_dir())?;
        refuse_foreign_owner(local.common_dir())?;
        let stores = object_directories(local.common_dir())?;
        let objects = Objects::open(&inner, &stores, limits)?;
        Ok(Repository { inner, objects, index: None })
    }

    /// Looks for a repository at `start` and in the directories above it.
    ///
    /// # Errors
    /// As [`Repository::open`], and when there is none.
    pub fn discover(start: &Path, limits: Limits) -> Result<Repository> {
        let start = start.canonicalize().map_err(|error| io(start, &error))?;
        // A directory inside a working tree that looks like a bare repository is content, and may be a stranger's.
        let marked = |directory: &&Path| directory.join(".git").symlink_metadata().is_ok();
        let bare = |directory: &&Path| directory.join("HEAD").is_file() && directory.join("objects").is_dir();
        let found = start.ancestors().find(marked).or_else(|| start.ancestors().find(bare));
        match found {
            Some(directory) => Repository::open(directory, limits),
            None => Err(Error::Refused {
                what: format!("no git repository at {} or above it", start.display()),
                help: "run this inside a repository, or name one with --repo".into(),
            }),
        }
    }

    /// Returns the object store.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Returns who git says the user is: the repository's `user.email`, else the machine's. Never judged by, only written.
    #[must_use]
    pub fn user_email(&self) -> Option<String> {
        let local = self.inner.to_thread_local();
        let own = local.config_snapshot().string("user.email").map(|email| email.to_string());
        own.or_else(|| {
            let globals = gix::config::File::from_globals().ok()?;
            globals.string("user.email").map(|email| email.to_string())
        })
    }

    /// Returns the snapshot of a commit.
    ///
    /// # Errors
    /// When the commit is missing or unreadable.
    pub fn commit(&self, id: ObjectId) -> Result<adapter::Commit<'_>> {
        adapter::Commit::open(&self.objects, id)
    }

    /// Returns the snapshot of a bare tree; `None` where the object is not there.
    #[must_use]
    pub fn tree(&self, id: ObjectId) -> Option<adapter::Tree<'_>> {
        self.objects.contains(id).then(|| adapter::Tree::open(&self.objects, id))
    }

    /// Returns the snapshot of the index.
    ///
    /// # Errors
    /// When the index is missing, unreadable or in the middle of a merge.
    pub fn index(&self) -> Result<adapter::Index<'_>> {
        adapter::Index::open(self)
    }

    /// Lets another index be read than the repository's own: the one that git made for a hook.
    pub fn use_index(&mut self, path: &Path) {
        // Git names it from the top of the working tree, wherever a hook has gone since.
        let path = self.workdir().unwrap_or_default().join(path);
        self.index = Some(path).filter(|path| *path != self.inner.to_thread_local().index_path());
    }

    /// Where the index lies.
    pub(crate) fn index_place(&self) -> PathBuf {
        self.index.clone().unwrap_or_else(|| self.inner.to_thread_local().index_path())
    }

    /// Returns the snapshot of the working tree: what is tracked and what `.gitignore` does not exclude.
    ///
    /// # Errors
    /// When there is no working tree.
    pub fn worktree(&self) -> Result<adapter::Worktree<'_>> {
        adapter::Worktree::open(self)
    }

    /// Finds the commit that a revision names (`HEAD`, `main`, `v1^`, an id), or `None` where it names nothing.
    ///
    /// # Errors
    /// When the name is ambiguous or leads to something that is no commit.
    pub fn resolve(&self, name: &str) -> Result<Option<ObjectId>> {
        let local = self.inner.to_thread_local();
        if let Some(id) = ObjectId::from_hex(name.as_bytes()) {
            return self.objects.peel_to_commit(id).map(Some);
        }
        self.refuse_ambiguous(name)?;
        let spec = match local.rev_parse_single(name.as_bytes().as_bstr()) {
            Ok(id) => id,
            Err(_) => return Ok(None),
        };
        self.objects.peel_to_commit(to_id(&spec)).map(Some)
    }

    /// A tag beside a branch of the same name would be taken first (gitrevisions(7)): whoever made it would choose the base.
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
                help: "say which, by its whole name".into(),
            }),
        }
    }

    /// Returns where a symbolic reference points, as in `refs/remotes/origin/HEAD` to `refs/remotes/origin/main`.
    #[must_use]
    pub fn symbolic_target(&self, name: &str) -> Option<String> {
        let local = self.inner.to_thread_local();
        let reference = local.try_find_reference(name).ok()??;
        Some(reference.target().try_name()?.as_bstr().to_string())
    }

    /// Returns the branch `HEAD` is on, as in `refs/heads/main`; `None` when it is detached.
    #[must_use]
    pub fn head_branch(&self) -> Option<String> {
        self.symbolic_target("HEAD")
    }

    /// Returns what is being merged: the further parents of the next commit; none where no merge is under way.
    ///
    /// # Errors
    /// When git's note of it cannot be read.
    pub fn merge_heads(&self) -> Result<Vec<ObjectId>> {
        let path = self.inner.to_thread_local().git_dir().join("MERGE_HEAD");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(bytes.split(|&byte| byte == b'\n').filter_map(ObjectId::from_hex).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&path, &error)),
        }
    }

    /// Returns the ids that end the history of a shallow clone; empty for a whole one.
    ///
    /// # Errors
    /// When the shallow file cannot be read.
    pub fn shallow_boundary(&self) -> Result<Vec<ObjectId>> {
        let path = self.inner.to_thread_local().common_dir().join("shallow");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(bytes.split(|&byte| byte == b'\n').filter_map(ObjectId::from_hex).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&path, &error)),
        }
    }

    /// Returns the directory of the repository shared by all worktrees.
    #[must_use]
    pub fn common_dir(&self) -> PathBuf {
        self.inner.to_thread_local().common_dir().to_path_buf()
    }

    /// Returns the root of the working tree, or `None` for a bare repository.
    #[must_use]
    pub fn workdir(&self) -> Option<PathBuf> {
        self.inner.to_thread_local().workdir().map(Path::to_path_buf)
    }

    /// Counts the replace refs and names the grafts file, both of which git's own tools obey and this program does not.
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

    /// Returns a setting of git's `core`, of this repository or of the user: how a checkout wrote the files, and nothing that is judged by.
    pub(crate) fn core_setting(&self, key: &str) -> Option<String> {
        let own = || {
            let text = std::fs::read(self.common_dir().join("config")).ok()?;
            let config = gix::config::File::try_from(text.to_str().ok()?).ok()?;
            config.string_by("core", None, key).map(|value| value.to_string())
        };
        let user = || {
            let globals = gix::config::File::from_globals().ok()?;
            globals.string_by("core", None, key).map(|value| value.to_string())
        };
        own().or_else(user).map(|value| value.to_ascii_lowercase())
    }

    /// Returns the address of a remote, as this repository's own configuration writes it; only ever shown, or made a name of.
    #[must_use]
    pub fn remote_address(&self, name: &str) -> Option<String> {
        let text = std::fs::read(self.common_dir().join("config")).ok()?;
        let config = gix::config::File::try_from(text.to_str().ok()?).ok()?;
        config.string_by("remote", Some(name.as_bytes().as_bstr()), "url").map(|value| value.to_string())
    }

    /// Returns the folder that git takes hooks from: `core.hooksPath` of this repository or of the user, else its own.
    #[must_use]
    pub fn hooks_directory(&self) -> PathBuf {
        let own = std::fs::read(self.common_dir().join("config")).ok();
        let own = own.as_deref().and_then(|text| gix::config::File::try_from(text.to_str().ok()?).ok());
        let path = |config: gix::config::File| {
            config.string_by("core", None, "hooksPath").map(|value| value.to_string())
        };
        let said = own.and_then(path).or_else(|| gix::config::File::from_globals().ok().and_then(path));
        let home = |path: String| match path.strip_prefix("~/").zip(std::env::var_os("HOME")) {
            Some((rest, home)) => PathBuf::from(home).join(rest),
            None => PathBuf::from(path),
        };
        match said.map(home) {
            // From where hooks are run: the top of the working tree (githooks(5)).
            Some(path) => self.workdir().unwrap_or_else(|| self.common_dir()).join(path),
            None => self.common_dir().join("hooks"),
        }
    }

    /// Returns the upstream of a branch as its configuration says: `refs/remotes/origin/main`.
    ///
    /// This is the one setting of the repository that is read, and only to suggest a base: a wrong one is shown, never trusted silently.
    #[must_use]
    pub fn upstream(&self, branch: &str) -> Option<String> {
        let short = branch.strip_prefix("refs/heads/")?;
        let text = std::fs::read(self.common_dir().join("config")).ok()?;
        let config = gix::config::File::try_from(text.to_str().ok()?).ok()?;
        let value = |key: &str| config.string_by("branch", Some(short.as_bytes().as_bstr()), key);
        let (remote, merge) = (value("remote")?.to_string(), value("merge")?.to_string());
        let name = merge.strip_prefix("refs/heads/")?;
        match remote.as_str() {
            "." => Some(merge.clone()),
            remote => Some(format!("refs/remotes/{remote}/{name}")),
        }
    }
}

/// The object directories: the repository's own and its alternates', none of a foreign owner.
fn object_directories(common: &Path) -> Result<Vec<PathBuf>> {
    let own = common.join("objects");
    let listed = gix::odb::alternate::resolve(own.clone(), common)
        .map_err(|error| Error::Corrupt { what: "objects/info/alternates".into(), reason: chain(&error) })?;
    let mut all = vec![own];
    for alternate in listed {
        refuse_foreign_owner(&alternate)?;
        all.push(alternate);
    }
    Ok(all)
}

fn refuse_foreign_owner(path: &Path) -> Result<()> {
    let owned = gix::sec::identity::is_path_owned_by_current_user(path)
        .map_err(|error| Error::Io { what: path.display().to_string(), reason: error.to_string() })?;
    if owned {
        return Ok(());
    }
    Err(Error::Refused {
        what: format!("{} belongs to another user", path.display()),
        help: "run as its owner, or clone it: git clone --no-local".into(),
    })
}

fn refuse_unread_formats(common: &Path) -> Result<()> {
    if common.join("reftable").is_dir() {
        return Err(Error::Refused {
            what: "this repository keeps its refs in reftable, which is not read".into(),
            help: "migrate them: git refs migrate --ref-format=files".into(),
        });
    }
    Ok(())
}

pub(crate) fn io(path: &Path, error: &std::io::Error) -> Error {
    Error::Io { what: path.display().to_string(), reason: error.to_string() }
}

/// Writes an error and its causes on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

pub(crate) fn to_id(id: &gix::oid) -> ObjectId {
    ObjectId::from_bytes(id.as_bytes()).expect("gix ids have 20 or 32 bytes")
}

pub(crate) fn from_id(id: &ObjectId) -> gix::ObjectId {
    gix::ObjectId::from_bytes_or_panic(id.as_bytes())
}
