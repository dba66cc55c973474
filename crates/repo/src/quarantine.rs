//! The quarantine of a push: before its hooks accept it, git keeps the received objects in a directory of their own (git-receive-pack(1)).

use std::path::{Path, PathBuf};

use snapshot::{Error, Result};

use crate::ownership::is_own;

/// Returns the directory of the received objects, if a hook of a push runs this process.
///
/// # Errors
/// When the variables of the environment do not describe the quarantine of this repository.
pub(crate) fn quarantine(objects: &Path, alternates: &[PathBuf]) -> Result<Option<PathBuf>> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let Some(named) = variable("GIT_QUARANTINE_PATH") else { return Ok(None) };
    let objects = real(objects);
    let quarantine = real(&named);
    if quarantine == objects || !quarantine.starts_with(&objects) || !quarantine.is_dir() {
        return Err(refused(format!("GIT_QUARANTINE_PATH is not a directory of {}", objects.display())));
    }
    if !is_own(&quarantine)? {
        return Err(refused(format!("{} belongs to another user", quarantine.display())));
    }
    if variable("GIT_OBJECT_DIRECTORY").is_some_and(|path| real(&path) != quarantine) {
        return Err(refused("GIT_OBJECT_DIRECTORY is not the quarantine of the push".into()));
    }
    let known = |path: &PathBuf| {
        let path = real(path);
        path == objects || alternates.iter().any(|other| real(other) == path)
    };
    let listed = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
    if let Some(other) = std::env::split_paths(&listed).find(|path| path.as_os_str() != "" && !known(path)) {
        let message = format!("GIT_ALTERNATE_OBJECT_DIRECTORIES names {}", other.display());
        return Err(refused(format!("{message}, which is not an object directory of this repository")));
    }
    Ok(Some(quarantine))
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn refused(what: String) -> Error {
    let help = "git sets these variables in pre-receive and update hooks; elsewhere, unset them";
    Error::Refused { what, help: help.into() }
}
