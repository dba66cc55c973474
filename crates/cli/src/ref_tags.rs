//! The tags of a place: of this repository, of a remote.

use std::collections::BTreeMap;

use policy::WriterSettings;
use registry::tags::{RecordedTags, TagState};
use repo::{ObjectKind, Repository};
use snapshot::ObjectId;

use crate::error::CommandError;

/// The message about a clone without any tag.
pub(crate) const TAGS_NOT_CHECKED: &str =
    "tags not checked here: this clone has no tags; fetch them: git fetch --tags";

/// Returns the tags of this repository. The content of a tag is read unless it is exactly the recorded object.
pub(crate) fn local(
    repository: &Repository,
    record: &RecordedTags,
) -> Result<BTreeMap<String, TagState>, CommandError> {
    let mut found = BTreeMap::new();
    let expected = Expected::new(repository);
    for (name, id) in repository.tags()? {
        if let Some(made) = expected.of(record, &name, id)? {
            found.insert(name, made);
            continue;
        }
        // A tag that leads to no commit is reported where a commit is required.
        let commit = repository.objects().peel_to_commit(id).ok();
        let lightweight = commit == Some(id);
        let object = if lightweight { None } else { repository.tag_object(id) };
        found.insert(name, TagState { id, commit, object, lightweight });
    }
    Ok(found)
}

/// The tags of a remote: the object of each, and its target.
type Ids = BTreeMap<String, (Option<ObjectId>, Option<ObjectId>)>;

/// Fetches the objects of recorded tags that are missing in this clone and differ from the record: their content must be read.
fn fetch_unknown(
    repository: &Repository,
    remote: &str,
    record: &RecordedTags,
    ids: &Ids,
) -> Result<(), CommandError> {
    let expected = Expected::new(repository);
    let mut names = String::new();
    for (name, (id, behind)) in ids {
        let Some(id) = id.filter(|id| behind.is_some() && !repository.objects().contains(*id)) else {
            continue;
        };
        if record.tags.contains_key(name) && expected.of(record, name, id)?.is_none() {
            names += &format!("refs/tags/{name}\n");
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let command = [&crate::remote::FETCH[..], &["--stdin", "--", remote]].concat();
    repository
        .git(&command, names.as_bytes(), &[])?
        .or_refused(&format!("tags cannot be fetched from {remote}"))?;
    Ok(())
}

/// Returns the tags of a remote; the content is known of those in this clone.
pub(crate) fn remote(
    repository: &Repository,
    remote: &str,
    record: &RecordedTags,
) -> Result<BTreeMap<String, TagState>, CommandError> {
    let output = repository.git(&["ls-remote", repo::UPLOAD_PACK, "--tags", "--", remote], &[], &[])?;
    let out = output.or_refused(&format!("the tags of {remote} cannot be asked for"))?;
    let mut ids: Ids = BTreeMap::new();
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
    fetch_unknown(repository, remote, record, &ids)?;
    let mut found = BTreeMap::new();
    let expected = Expected::new(repository);
    for (name, (id, behind)) in ids {
        let Some(id) = id else { continue };
        if let Some(made) = expected.of(record, &name, id)? {
            found.insert(name, made);
            continue;
        }
        let object = if behind.is_some() { repository.tag_object(id) } else { None };
        found.insert(
            name,
            TagState { id, commit: behind.or(Some(id)), object, lightweight: behind.is_none() },
        );
    }
    Ok(found)
}

type Writers<'r> = Box<dyn Fn(ObjectId) -> snapshot::Result<WriterSettings> + 'r>;

/// The tags that the record makes, by their ids: what has the id has the bytes.
struct Expected<'r> {
    repository: &'r Repository,
    writers: Writers<'r>,
}

impl<'r> Expected<'r> {
    fn new(repository: &'r Repository) -> Expected<'r> {
        Expected { repository, writers: Box::new(engine::writers(repository)) }
    }

    /// Returns the content of a tag that is exactly the recorded object.
    fn of(&self, record: &RecordedTags, name: &str, id: ObjectId) -> Result<Option<TagState>, CommandError> {
        let Some(tag) = record.tags.get(name) else { return Ok(None) };
        // A commit that is not here names no policy.
        let Ok(writer) = (self.writers)(tag.commit) else { return Ok(None) };
        let object = tag.object(&writer.name, &writer.email);
        let same = self.repository.objects().hash_of(ObjectKind::Tag, &object)? == id;
        Ok(same.then_some(TagState {
            id,
            commit: Some(tag.commit),
            object: Some(object),
            lightweight: false,
        }))
    }
}
