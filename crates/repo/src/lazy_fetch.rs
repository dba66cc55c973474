//! Fetches the trees and files that a partial clone lacks, by id, within a budget: for CI, where nobody can run a command.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use snapshot::{Cause, Error, ObjectId, Result};

use crate::git::{UPLOAD_PACK, command};
use crate::missing::{FetchObjects, Missing};
use crate::objects::{Objects, lock};
use crate::{ObjectKind, Repository};

/// How many objects one fetch asks for: their ids are an input of git, not its arguments.
const MAX_BATCH_OBJECTS: usize = 1_000;
/// How often the size of a running fetch is measured.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How much a run may fetch. It is shared by all repositories that the run opens, one after the other.
#[derive(Debug, Clone)]
pub struct FetchBudget(Arc<Mutex<Left>>);

#[derive(Debug, Clone, Copy)]
struct Left {
    objects: usize,
    bytes: u64,
    max_objects: usize,
    max_bytes: u64,
}

impl FetchBudget {
    /// The objects that a run may fetch. A check needs the files of a change, cards, specs and the policy.
    pub const MAX_OBJECTS: usize = 10_000;
    /// The bytes that a run may fetch.
    pub const MAX_BYTES: u64 = 256 << 20;

    /// Creates a budget of `objects` objects with `bytes` bytes.
    #[must_use]
    pub fn new(objects: usize, bytes: u64) -> FetchBudget {
        FetchBudget(Arc::new(Mutex::new(Left { objects, bytes, max_objects: objects, max_bytes: bytes })))
    }
}

impl Default for FetchBudget {
    fn default() -> FetchBudget {
        FetchBudget::new(FetchBudget::MAX_OBJECTS, FetchBudget::MAX_BYTES)
    }
}

/// Fetches from the remote of a partial clone.
struct LazyFetch {
    remote: String,
    directory: PathBuf,
    packs: PathBuf,
    budget: FetchBudget,
}

impl Repository {
    /// Fetches trees and files that a partial clone lacks when they are read, within the budget. Other clones are left alone.
    pub fn fetch_lazily(&self, budget: &FetchBudget) {
        let remote = self.objects().remedy().promisor.clone();
        let source = |remote| LazyFetch {
            remote,
            directory: self.git_directory(),
            packs: self.common_dir().join("objects/pack"),
            budget: budget.clone(),
        };
        let missing = |remote| Missing { source: Box::new(source(remote)), is_paused: false };
        *lock(&self.objects().lazy) = remote.map(missing);
    }
}

impl Objects {
    /// Returns whether objects that are missing are fetched.
    #[must_use]
    pub fn fetches(&self) -> bool {
        lock(&self.lazy).is_some()
    }

    /// Runs a search that only explains: what is missing for it is not fetched.
    pub fn without_fetching<T>(&self, search: impl FnOnce() -> T) -> T {
        let pause = |pause| {
            let mut lazy = lock(&self.lazy);
            lazy.as_mut().map(|lazy| std::mem::replace(&mut lazy.is_paused, pause))
        };
        let before = pause(true);
        let found = search();
        pause(before.unwrap_or_default());
        found
    }

    /// Fetches those of the objects that are missing, in as few steps as possible.
    ///
    /// # Errors
    /// When they cannot be fetched, or the budget is exhausted.
    pub fn prefetch(&self, ids: impl IntoIterator<Item = ObjectId>) -> Result<()> {
        let mut missing: Vec<ObjectId> = ids.into_iter().filter(|id| !self.contains(*id)).collect();
        missing.sort_unstable();
        missing.dedup();
        let lazy = lock(&self.lazy);
        let Some(lazy) = lazy.as_ref() else { return Ok(()) };
        missing.chunks(MAX_BATCH_OBJECTS).try_for_each(|batch| lazy.source.fetch(batch))
    }

    /// Fetches a missing object; returns `false` where objects are not fetched.
    pub(crate) fn fetch_lazily(&self, id: ObjectId, kind: ObjectKind) -> Result<bool> {
        // A commit comes with its whole history: that is the business of a fetch that is deepened step by step.
        if !matches!(kind, ObjectKind::Tree | ObjectKind::Blob) {
            return Ok(false);
        }
        let lazy = lock(&self.lazy);
        match lazy.as_ref().filter(|lazy| !lazy.is_paused) {
            Some(lazy) => lazy.source.fetch(&[id]).map(|()| true),
            None => Ok(false),
        }
    }
}

impl FetchObjects for LazyFetch {
    fn fetch(&self, ids: &[ObjectId]) -> Result<()> {
        let mut left = lock(&self.budget.0);
        if ids.len() > left.objects {
            return Err(self.exhausted(format!("{} objects", left.max_objects)));
        }
        left.objects -= ids.len();
        let before = size_of(&self.packs);
        let arguments = [
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "-c",
            "fetch.unpackLimit=1",
            "fetch",
            UPLOAD_PACK,
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--filter=blob:none",
            "--stdin",
            "--",
            &self.remote,
        ];
        let failed =
            |error: std::io::Error| Error::Io { what: "cannot run git".into(), reason: Cause::new(error) };
        let mut command = command(&self.directory, &arguments);
        // The fetch must not fetch by itself what it needs for itself.
        command.env("GIT_NO_LAZY_FETCH", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let (input, errors) = (child.stdin.take(), child.stderr.take());
        let lines: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let writing = std::thread::spawn(move || {
            // A program that exits early reports the reason itself.
            let _ = input.map(|mut pipe| pipe.write_all(lines.as_bytes()));
        });
        let reading = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.map(|pipe| pipe.take(1 << 16).read_to_end(&mut text));
            text
        });
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if size_of(&self.packs).saturating_sub(before) > left.bytes {
                // The process may have ended by itself meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                return Err(self.exhausted(format!("{} bytes", left.max_bytes)));
            }
            std::thread::sleep(POLL_INTERVAL);
        };
        let _ = writing.join();
        let text = reading.join().unwrap_or_default();
        let fetched = size_of(&self.packs).saturating_sub(before);
        if fetched > left.bytes {
            return Err(self.exhausted(format!("{} bytes", left.max_bytes)));
        }
        left.bytes -= fetched;
        if status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&text);
        let reason: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Err(Error::Refused {
            what: format!(
                "{} missing objects cannot be fetched from {}: {}",
                ids.len(),
                self.remote,
                reason.join("; ")
            ),
            help: self.help(),
        })
    }
}

impl LazyFetch {
    fn exhausted(&self, limit: String) -> Error {
        Error::Refused {
            what: format!("this partial clone lacks more than {limit} that the check needs"),
            help: self.help(),
        }
    }

    fn help(&self) -> String {
        let remote = snapshot::shell::word(&self.remote);
        format!("clone without --filter, or fetch everything once: git fetch --refetch --no-filter {remote}")
    }
}

/// Returns the size of the files in a directory; a file that goes meanwhile counts nothing.
fn size_of(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    entries.filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len())).sum()
}
