//! The tags of a place: of this repository, of a remote.

use std::collections::BTreeMap;

use generate::tags::Found;
use repo::Repository;
use snapshot::ObjectId;

use crate::refusal::Refusal;

/// The tags of this repository.
pub(crate) fn local(repository: &Repository) -> Result<BTreeMap<String, Found>, Refusal> {
    let mut found = BTreeMap::new();
    for (name, id) in repository.tags()? {
        // What leads to no commit is told where a commit is demanded.
        let commit = repository.objects().peel_to_commit(id).ok();
        let lightweight = commit == Some(id);
        let object = if lightweight { None } else { repository.tag_object(id) };
        found.insert(name, Found { id, commit, object, lightweight });
    }
    Ok(found)
}

/// The tags of a remote, as it says itself; what they say is known of those that are at hand.
pub(crate) fn remote(repository: &Repository, remote: &str) -> Result<BTreeMap<String, Found>, Refusal> {
    let said = repository.git(&["ls-remote", "--tags", "--", remote], &[], &[])?;
    let out = said.or_refused(&format!("the tags of {remote} cannot be asked for"))?;
    let mut ids: BTreeMap<String, (Option<ObjectId>, Option<ObjectId>)> = BTreeMap::new();
    for line in out.split(|&byte| byte == b'\n') {
        let Ok(line) = std::str::from_utf8(line) else { continue };
        let Some((id, name)) = line.split_once('\t') else { continue };
        let (Some(id), Some(name)) = (ObjectId::from_hex(id.as_bytes()), name.strip_prefix("refs/tags/"))
        else {
            continue;
        };
        match name.strip_suffix("^{}") {
            Some(name) => ids.entry(name.into()).or_default().1 = Some(id),
            None => ids.entry(name.into()).or_default().0 = Some(id),
        }
    }
    let mut found = BTreeMap::new();
    for (name, (id, behind)) in ids {
        let Some(id) = id else { continue };
        let object = if behind.is_some() { repository.tag_object(id) } else { None };
        found.insert(name, Found { id, commit: behind.or(Some(id)), object, lightweight: behind.is_none() });
    }
    Ok(found)
}
