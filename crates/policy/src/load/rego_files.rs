//! The Rego files of a pack. What cannot be used as one is an error: a rule that is skipped would check nothing.

use diagnostic::{CheckError, Location};
use snapshot::{Entry, Kind, Node, RepoPath, Snapshot};

use super::source::{MAX_POLICY_FILE_BYTES, find};
use crate::error::Error;

/// The rule files in a directory of a pack: as many as one run evaluates in time.
const MAX_RULE_FILES: usize = 200;

/// Lists the Rego files in a directory of a pack, with their content, in order of their paths inside the pack.
pub(super) fn list(
    snapshot: &dyn Snapshot,
    pack: &RepoPath,
    folder: &str,
) -> Result<Vec<(String, String)>, Error> {
    let cut = pack.as_bytes().len() + 1;
    let mut sources = Vec::new();
    for node in find_all(snapshot, pack, &pack.join(folder.as_bytes()))? {
        let text = snapshot.read(&node, MAX_POLICY_FILE_BYTES).map_err(|source| Error::Read {
            what: "pack",
            path: node.path.clone(),
            source,
        })?;
        let not_text = |_| {
            let message = "the rules are not UTF-8".to_string();
            CheckError { message, help: None, location: Some(Location::of(&node.path)) }
        };
        let inside = String::from_utf8_lossy(&node.path.as_bytes()[cut..]).into_owned();
        sources.push((inside, String::from_utf8(text).map_err(not_text)?));
    }
    Ok(sources)
}

fn find_all(snapshot: &dyn Snapshot, pack: &RepoPath, top: &RepoPath) -> Result<Vec<Node>, Error> {
    let mut found = Vec::new();
    let mut pending: Vec<Node> = find(snapshot, top)?.into_iter().collect();
    while let Some(node) = pending.pop() {
        let is_rego = node.path.name().ends_with(b".rego");
        match node.object.mode.kind() {
            Kind::Directory if !is_rego => {
                let failed = |source| Error::Read { what: "pack", path: pack.clone(), source };
                let inside =
                    |entry: Entry<'_>| Node { path: node.path.join(entry.name), object: entry.object };
                pending.extend(snapshot.list(&node).map_err(failed)?.iter().map(inside));
            }
            Kind::File if node.path != *top && is_rego => found.push(node),
            // `policy-entry-ignored` names other files.
            Kind::File if node.path != *top => {}
            _ => return Err(not_a_rule_file(&node, top).into()),
        }
        if found.len() > MAX_RULE_FILES {
            return Err(too_many(top).into());
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn not_a_rule_file(node: &Node, top: &RepoPath) -> CheckError {
    let kind = node.object.mode.kind();
    let (message, help) = if node.path == *top {
        (format!("the rules of the pack are {kind}"), "replace it by a directory of rule files")
    } else {
        let help = "replace it by a regular file that contains the rules";
        (format!("a rule file of the pack is {kind}"), help)
    };
    CheckError { message, help: Some(help.into()), location: Some(Location::of(&node.path)) }
}

fn too_many(folder: &RepoPath) -> CheckError {
    CheckError {
        message: format!("the pack has more than {MAX_RULE_FILES} rule files"),
        help: Some("combine rules in fewer files, or split the pack".into()),
        location: Some(Location::of(folder)),
    }
}
