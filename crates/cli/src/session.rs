//! The bottom of every command: how a repository and its policy are opened, where caches are kept, how a report of a run is finished.

use std::path::Path;

use diagnostic::{CheckError, Report};
use policy::Policy;
use repo::{Limits, Repository};
use snapshot::{ObjectId, Snapshot};

use crate::base::unread;
use crate::environment;

/// The largest policy file, in bytes.
const LARGEST_POLICY: u64 = 1 << 20;
/// The largest cache file, in bytes.
pub(crate) const LARGEST_CACHE: u64 = 1 << 30;

/// Turns "no verdict" into a report that says so.
pub(crate) fn failed_report(command: &str, errors: Vec<CheckError>) -> Report {
    let mut report = Report { errors, ..Report::default() };
    report.checked.command = command.into();
    report
}

/// Says what git's own tools obey and this program does not.
pub(crate) fn substitutions(repository: &Repository) -> Vec<String> {
    let found = repository.ignored_substitutions();
    found
        .into_iter()
        .map(|what| format!("note: {what} were ignored: the objects themselves were judged"))
        .collect()
}

pub(crate) fn plain(message: String) -> CheckError {
    CheckError { message, help: None, location: None }
}

pub(crate) fn one(error: snapshot::Error) -> Vec<CheckError> {
    vec![unread(error)]
}

pub(crate) fn open(path: &Path) -> Result<Repository, Vec<CheckError>> {
    // Where one stands is looked at from above; what one names is taken as it is.
    let exact = path != Path::new(".") && (path.join(".git").exists() || path.join("HEAD").exists());
    match exact {
        true => Repository::open(path, Limits::default()),
        false => Repository::discover(path, Limits::default()),
    }
    .map_err(one)
}

pub(crate) fn load_policy(
    file: Option<&Path>,
    base: &dyn Snapshot,
    id: Option<ObjectId>,
) -> Result<(Policy, String), Vec<CheckError>> {
    match file {
        Some(path) => {
            let text = repo::disk::read(path, LARGEST_POLICY).map_err(one)?;
            let text =
                text.ok_or_else(|| vec![plain(format!("there is no policy file at {}", path.display()))])?;
            let name = path.display().to_string();
            Policy::from_file(&name, text, Some(base)).map(|policy| (policy, name))
        }
        None => {
            let policy = Policy::load(base)?;
            let id = id.map(|id| id.short());
            let name = match (policy.has_file, id) {
                (true, id) => id.unwrap_or_default(),
                (false, Some(id)) => format!("the embedded baseline (none at {id})"),
                (false, None) => "the embedded baseline".into(),
            };
            Ok((policy, name))
        }
    }
}

/// Where the identities of a repository's base are kept between runs.
pub(crate) fn identities_file(repository: &Repository) -> Option<std::path::PathBuf> {
    let place = repository.common_dir().canonicalize().ok()?;
    let key = format!("identities {}", place.display());
    let id = repository.objects().hash_of(repo::ObjectKind::Blob, key.as_bytes()).ok()?;
    Some(environment::cache_directory()?.join(format!("identities-{id}.bin")))
}
