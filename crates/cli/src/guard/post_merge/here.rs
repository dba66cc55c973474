//! Publishing in one repository, without a remote: its working tree, its branch and its tags.
//!
//! A run may end at any step. Files are replaced atomically before git moves the branch, so that the next run finds the old bytes or the new ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::registry::MAX_REGISTRY_BYTES;
use repo::{Commit, Folder, Repository};
use snapshot::{Object, ObjectId, RepoPath, Snapshot as _};

use super::locks;
use super::publication::Publication;
use crate::error::CommandError;
use crate::tag;

/// The size of a file that is compared: that of a registry.
const MAX_FILE_BYTES: u64 = MAX_REGISTRY_BYTES;

/// Moves the branch to the commit, with the working tree if it is checked out here, and creates the tags.
pub(super) fn publish(
    repository: &Repository,
    made: &Publication,
    news: Option<(&str, ObjectId)>,
    making: &tag::TagCreator<'_>,
    tags: &BTreeMap<String, ObjectId>,
) -> Result<(), CommandError> {
    let branch = news.map(|(target, _)| format!("refs/heads/{target}"));
    let refs = branch.into_iter().chain(tags.keys().map(|tag| format!("refs/tags/{tag}")));
    let moved = match news {
        Some((target, commit)) => move_branch(repository, made, target, commit),
        None => Ok(()),
    };
    moved.and_then(|()| making.name(tags)).map_err(|error| locks::explain(repository, refs, error))
}

fn move_branch(
    repository: &Repository,
    made: &Publication,
    target: &str,
    commit: ObjectId,
) -> Result<(), CommandError> {
    let name = format!("refs/heads/{target}");
    // Two readers of HEAD: an error of one must not move the branch without its working tree.
    let is_here = is_checked_out(repository, &name)? || repository.head_branch().as_ref() == Some(&name);
    let current = if made.tips.ledger.is_some() { made.tips.ledger } else { repository.reference(&name)? };
    if is_here && repository.workdir().is_some() {
        // The working tree goes along, and what is changed in it is not lost.
        write_files(repository, made, commit)?;
        let id = commit.to_string();
        let output =
            repository.git(&["merge", "--quiet", "--ff-only", "--no-verify-signatures", &id], &[], &[])?;
        output.or_refused("the branch that is checked out cannot go forward")?;
        return Ok(());
    }
    let command = match current {
        Some(old) if old == commit => String::new(),
        Some(old) => format!("update {name} {commit} {old}\n"),
        None => format!("create {name} {commit}\n"),
    };
    tag::update_refs(repository, &command)
}

/// A file that the commit changes, in the working tree.
struct ChangedFile<'m> {
    inside: &'m str,
    place: PathBuf,
    bytes: &'m [u8],
    /// What the commit has there.
    new: Object,
    is_written: bool,
}

/// Writes the files of the commit into the working tree and the index, unless one of them was changed here: git then refuses to move the branch.
///
/// An earlier run may have written some of them, and ended. With an index like the commit, git moves the branch and leaves the files alone.
fn write_files(repository: &Repository, made: &Publication, commit: ObjectId) -> Result<(), CommandError> {
    let Some(root) = repository.workdir() else { return Ok(()) };
    let Some(files) = changed_files(repository, made, commit, &root)? else { return Ok(()) };
    let mut entries = Vec::new();
    for file in &files {
        let folder = file.place.parent().zip(file.place.file_name().and_then(|name| name.to_str()));
        let Some((folder, name)) = folder else { continue };
        let folder = Folder::create(folder)?;
        folder.remove_leftovers(name)?;
        if !file.is_written {
            folder.replace(name, file.bytes)?;
        }
        if let Some(id) = file.new.id {
            entries.extend(format!("{} {id}\t{}\0", file.new.mode.octal(), file.inside).into_bytes());
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    let output = repository.git(&["update-index", "--add", "-z", "--index-info"], &entries, &[])?;
    output.or_refused("the index cannot be written")?;
    Ok(())
}

/// Returns the files that the commit changes; `None` if the working tree or the index has other content for one of them.
fn changed_files<'m>(
    repository: &Repository,
    made: &'m Publication,
    commit: ObjectId,
    root: &Path,
) -> Result<Option<Vec<ChangedFile<'m>>>, CommandError> {
    let [old, new] = [repository.commit(made.tips.head)?, repository.commit(commit)?];
    let object = |commit: &Commit<'_>, path: &RepoPath| {
        Ok::<_, CommandError>(commit.find(path)?.map(|node| node.object))
    };
    let staged = staged(repository, made)?;
    let mut files = Vec::new();
    for (path, bytes) in &made.files {
        let (before, after) = (object(&old, path)?, object(&new, path)?);
        let Some(new) = after.filter(|after| Some(*after) != before) else { continue };
        let Ok(inside) = std::str::from_utf8(path.as_bytes()) else { return Ok(None) };
        let place = root.join(inside);
        // In the index is what the old commit has, or what an interrupted run wrote.
        let is_known = match staged.get(inside) {
            None => before.is_none(),
            Some(id) => {
                let known = [before, Some(new)].into_iter().flatten().filter_map(|object| object.id);
                known.map(|known| known.to_string()).any(|known| known == *id)
            }
        };
        if !is_known || repo::disk::refuse_links(root, &place).is_err() {
            return Ok(None);
        }
        let Ok(found) = repo::disk::read(&place, MAX_FILE_BYTES) else { return Ok(None) };
        let is_written = found.as_ref() == Some(bytes);
        let is_old = match (&found, before.and_then(|before| before.id)) {
            (None, _) => true,
            (Some(found), Some(id)) => repo::Objects::blob_id_like(id, found)? == id,
            (Some(_), None) => false,
        };
        if !is_written && !is_old {
            return Ok(None);
        }
        files.push(ChangedFile { inside, place, bytes, new, is_written });
    }
    Ok(Some(files))
}

/// Returns the object ids in the index of the files that the commit has.
fn staged(repository: &Repository, made: &Publication) -> Result<BTreeMap<String, String>, CommandError> {
    let paths: Vec<&str> =
        made.files.keys().filter_map(|path| std::str::from_utf8(path.as_bytes()).ok()).collect();
    let arguments = [&["ls-files", "--stage", "-z", "--"], paths.as_slice()].concat();
    let listed = repository.git(&arguments, &[], &[])?.or_refused("the index cannot be read")?;
    let listed = String::from_utf8_lossy(&listed);
    // Each entry: mode, object, stage, a tab, path.
    let entry = |entry: &str| {
        let (state, path) = entry.split_once('\t')?;
        Some((path.to_string(), state.split(' ').nth(1)?.to_string()))
    };
    Ok(listed.split('\0').filter_map(entry).collect())
}

/// Returns whether a branch is checked out here. Refuses to move it under another working tree: what is checked out there would take the lines back.
fn is_checked_out(repository: &Repository, name: &str) -> Result<bool, CommandError> {
    let output = repository.git(&["worktree", "list", "--porcelain", "-z"], &[], &[])?;
    let out = output.or_refused("the working trees cannot be listed")?;
    let own = repository.workdir();
    let mut place = String::new();
    let mut is_here = false;
    for line in String::from_utf8_lossy(&out).split('\0') {
        if let Some(path) = line.strip_prefix("worktree ") {
            place = path.into();
        }
        if line.strip_prefix("branch ") != Some(name) {
            continue;
        }
        if own.as_deref() == Some(Path::new(&place)) {
            is_here = true;
        } else {
            return Err(CommandError::failed_with(
                format!("{name} is checked out in {place}"),
                "run it there, or check something else out there",
            ));
        }
    }
    Ok(is_here)
}
