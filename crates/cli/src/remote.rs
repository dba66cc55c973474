//! Queries of a remote: whether it exists, its default branch, its branches; and the options of a fetch.

use repo::Repository;
use snapshot::ObjectId;

use crate::error::CommandError;

/// Fetches only objects: no tag, no submodule, no file that later steps could misread, and no program that the repository's configuration sets
/// instead of git's own (git-config(1): `protocol.ext.allow`, `remote.<name>.uploadpack`).
pub(crate) const FETCH: [&str; 6] =
    ["fetch", repo::UPLOAD_PACK, "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];

/// Returns the remote-tracking ref of a branch.
pub(crate) fn tracking(remote: &str, branch: &str) -> String {
    format!("refs/remotes/{remote}/{branch}")
}

/// Returns whether a remote of this name exists. An error of git ends the check: a base that was not fetched may be out of date.
pub(crate) fn exists(repository: &Repository, name: &str) -> Result<bool, CommandError> {
    let output = repository.git(&["remote"], &[], &[])?;
    let listed = output.or_refused("cannot list the remotes of this repository")?;
    Ok(listed.split(|&byte| byte == b'\n').any(|line| line == name.as_bytes()))
}

/// Reads the default branch of a remote.
pub(crate) fn default_branch(repository: &Repository, remote: &str) -> Result<Option<String>, CommandError> {
    let output =
        repository.git(&["ls-remote", repo::UPLOAD_PACK, "--symref", "--", remote, "HEAD"], &[], &[])?;
    let out = output.or_refused(&format!("cannot read the default branch of {remote}"))?;
    let out = String::from_utf8_lossy(&out);
    let line = out.lines().find_map(|line| line.strip_prefix("ref: refs/heads/"));
    Ok(line.and_then(|line| line.split('\t').next()).map(String::from))
}

/// Returns the commit of a remote's branch with exactly this name; `None` if it does not exist.
pub(crate) fn branch_at(
    repository: &Repository,
    remote: &str,
    branch: &str,
) -> Result<Option<ObjectId>, CommandError> {
    let name = format!("refs/heads/{branch}");
    let output =
        repository.git(&["ls-remote", repo::UPLOAD_PACK, "--heads", "--", remote, &name], &[], &[])?;
    let out = output.or_refused(&format!("cannot list the branches of {remote}"))?;
    // git lists every ref whose name ends with the pattern.
    let exact = |line: &[u8]| {
        let line = std::str::from_utf8(line).ok()?;
        let (id, found) = line.split_once('\t')?;
        (found == name).then(|| ObjectId::from_hex(id.as_bytes())).flatten()
    };
    Ok(out.split(|&byte| byte == b'\n').find_map(exact))
}

/// Returns whether a remote has a branch.
pub(crate) fn has_branch(repository: &Repository, remote: &str, branch: &str) -> Result<bool, CommandError> {
    Ok(branch_at(repository, remote, branch)?.is_some())
}
