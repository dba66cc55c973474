//! A remote, asked: whether it is there, what its branches name; and how objects are fetched from it.

use diagnostic::CheckError;
use repo::Repository;
use snapshot::ObjectId;

use crate::base::unread;
use crate::error::CommandError;

/// Objects and nothing else: no tag, no submodule, no file that later steps could take for something, and no program that the repository's
/// configuration names in the place of git's own (git-config(1): `protocol.ext.allow`, `remote.<name>.uploadpack`).
pub(crate) const FETCH: [&str; 6] =
    ["fetch", repo::UPLOAD_PACK, "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];

/// Where a branch of a remote is noted.
pub(crate) fn tracking(remote: &str, branch: &str) -> String {
    format!("refs/remotes/{remote}/{branch}")
}

/// Tells whether there is a remote of this name. Where git cannot say, there is no verdict: a base that was not fetched is not fresh.
pub(crate) fn is_there(repository: &Repository, name: &str) -> Result<bool, Vec<CheckError>> {
    let said = repository.git(&["remote"], &[], &[]);
    let listed = said.and_then(|said| said.or_refused("the remotes of this repository cannot be listed"));
    let listed = listed.map_err(|error| vec![unread(error)])?;
    Ok(listed.split(|&byte| byte == b'\n').any(|line| line == name.as_bytes()))
}

/// Asks a remote for its default branch.
pub(crate) fn default_branch(repository: &Repository, remote: &str) -> Result<Option<String>, CommandError> {
    let said =
        repository.git(&["ls-remote", repo::UPLOAD_PACK, "--symref", "--", remote, "HEAD"], &[], &[])?;
    let out = said.or_refused(&format!("{remote} cannot be asked for its default branch"))?;
    let out = String::from_utf8_lossy(&out);
    let line = out.lines().find_map(|line| line.strip_prefix("ref: refs/heads/"));
    Ok(line.and_then(|line| line.split('\t').next()).map(String::from))
}

/// Returns the commit of a remote's branch of exactly this name; `None` where it has none.
pub(crate) fn branch_at(
    repository: &Repository,
    remote: &str,
    branch: &str,
) -> Result<Option<ObjectId>, CommandError> {
    let name = format!("refs/heads/{branch}");
    let said = repository.git(&["ls-remote", repo::UPLOAD_PACK, "--heads", "--", remote, &name], &[], &[])?;
    let out = said.or_refused(&format!("the branches of {remote} cannot be asked for"))?;
    // What is asked for matches any name that ends so.
    let exact = |line: &[u8]| {
        let line = std::str::from_utf8(line).ok()?;
        let (id, found) = line.split_once('\t')?;
        (found == name).then(|| ObjectId::from_hex(id.as_bytes())).flatten()
    };
    Ok(out.split(|&byte| byte == b'\n').find_map(exact))
}

/// Tells whether a remote has a branch.
pub(crate) fn has_branch(repository: &Repository, remote: &str, branch: &str) -> Result<bool, CommandError> {
    Ok(branch_at(repository, remote, branch)?.is_some())
}
