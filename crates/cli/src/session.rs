//! The bottom of every command: opens the repository once, loads its policy, and names its cache files.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use diagnostic::{CheckError, Level, Report};
use engine::governs_nothing;
use policy::{POLICY_PATH, Policy};
use repo::{FetchBudget, Limits, Repository};
use snapshot::{ObjectId, RepoPath, Snapshot};

use crate::environment;
use crate::error::CommandError;

/// The size of a policy file. Policies of large organisations need some kilobytes.
const MAX_POLICY_BYTES: u64 = 1 << 20;
/// The size of a cache file. A larger one is not ours.
pub(crate) const MAX_CACHE_BYTES: u64 = 1 << 30;

/// The name of a policy that is not committed yet.
pub(crate) const UNCOMMITTED_POLICY: &str = "the working tree, not committed";

/// A repository that is opened once for all steps of a command.
pub(crate) struct Session {
    path: PathBuf,
    repository: Repository,
    /// What may be fetched of a partial clone; `None` if the command fetches nothing.
    budget: Option<FetchBudget>,
}

impl Session {
    /// Opens the repository at a path, or above `.`.
    pub(crate) fn open(path: &Path) -> Result<Session, CommandError> {
        Ok(Session { path: path.into(), repository: open(path)?, budget: None })
    }

    /// Opens the repository for a run in CI, where nobody can complete a partial clone: what is missing is fetched, within a budget.
    pub(crate) fn open_and_fetch(path: &Path) -> Result<Session, CommandError> {
        let mut session = Session::open(path)?;
        session.budget = Some(FetchBudget::default());
        session.refresh()?;
        Ok(session)
    }

    /// Rereads packs and refs: a fetch wrote packs that did not exist when the repository was opened.
    pub(crate) fn refresh(&mut self) -> Result<(), CommandError> {
        self.repository = open(&self.path)?;
        self.budget.iter().for_each(|budget| self.repository.fetch_lazily(budget));
        Ok(())
    }
}

impl Deref for Session {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}

/// Opens a repository: the one above the working directory for `.`, else exactly the named one.
pub(crate) fn open(path: &Path) -> Result<Repository, CommandError> {
    let exact = path != Path::new(".") && (path.join(".git").exists() || path.join("HEAD").exists());
    if exact {
        Ok(Repository::open(path, Limits::default())?)
    } else {
        Ok(Repository::discover(path, Limits::default())?)
    }
}

/// Returns a note for each substitution (`refs/replace`, grafts) that git applies and this program ignores.
pub(crate) fn substitutions(repository: &Repository) -> Vec<String> {
    let found = repository.ignored_substitutions();
    found
        .into_iter()
        .map(|what| format!("note: {what} were ignored: the original objects were checked"))
        .collect()
}

/// Adds an error to a report on trees in which nothing is governed: a run that checked nothing is not a pass.
pub(crate) fn refuse_nothing_governed(
    report: &mut Report,
    policy: &Policy,
    trees: &[&dyn Snapshot],
) -> Result<(), CommandError> {
    let fails = report.findings.iter().any(|finding| finding.level == Level::Deny);
    if policy.has_file || fails {
        return Ok(());
    }
    for tree in trees {
        if !governs_nothing(*tree, policy)? {
            return Ok(());
        }
    }
    report.errors.push(CheckError {
        message: "nothing is governed here: run `id-guard init`".into(),
        help: None,
        location: None,
    });
    Ok(())
}

/// Loads the operator's policy file, or else the policy of a snapshot; returns it with its name in reports.
pub(crate) fn load_policy(
    file: Option<&Path>,
    base: &dyn Snapshot,
    id: Option<ObjectId>,
) -> Result<(Policy, String), CommandError> {
    if let Some(path) = file {
        let text = repo::disk::read(path, MAX_POLICY_BYTES)?;
        let text =
            text.ok_or_else(|| CommandError::failed(format!("policy file not found: {}", path.display())))?;
        let name = path.display().to_string();
        let policy = Policy::from_file(&name, text, Some(base))?;
        return Ok((policy, name));
    }
    let policy = Policy::load(base)?;
    let id = id.map(|id| id.short());
    let name = match (policy.has_file, id) {
        (true, id) => id.unwrap_or_default(),
        (false, Some(id)) => format!("the embedded baseline (none at {id})"),
        (false, None) => "the embedded baseline".into(),
    };
    Ok((policy, name))
}

/// Returns the policy of the working tree where the commit that is checked out has none: it was just written, and takes effect once it is merged.
pub(crate) fn first_policy(repository: &Repository) -> Result<Option<Policy>, CommandError> {
    let Some(head) = repository.resolve("HEAD")?.filter(|_| repository.workdir().is_some()) else {
        return Ok(None);
    };
    let path = RepoPath::from(POLICY_PATH);
    let worktree = repository.worktree()?;
    if repository.commit(head)?.find(&path)?.is_some() || worktree.find(&path)?.is_none() {
        return Ok(None);
    }
    Ok(Some(Policy::load(&worktree)?))
}

/// Returns the file that caches the identities of a repository's base between runs.
pub(crate) fn identities_file(repository: &Repository) -> Option<PathBuf> {
    let place = repository.common_dir().canonicalize().ok()?;
    let key = format!("identities {}", place.display());
    let id = repository.objects().hash_of(repo::ObjectKind::Blob, key.as_bytes()).ok()?;
    Some(environment::cache_directory()?.join(format!("identities-{id}.bin")))
}
