//! The number of governed files in a report, counted on from the tree that an earlier run counted.

use std::path::PathBuf;

use diagnostic::{Format, Report};
use digest::Digest;
use engine::{count_governed, count_governed_changes};
use policy::Policy;
use repo::{Comparison, Repository, Scope, TreeDiffer};
use snapshot::{ObjectId, RepoPath, Snapshot};

use crate::arguments::Common;
use crate::environment;

/// A tree id and a number.
const MAX_CACHE_BYTES: u64 = 1 << 10;

/// Adds the number of governed files and of disciplines to a report that shows them. `tree` is the root tree of a commit.
///
/// The number informs: where a directory cannot be read, as in a clone without all objects, the report has none.
pub(crate) fn add_coverage(
    common: &Common,
    report: &mut Report,
    policy: &Policy,
    repository: &Repository,
    head: &dyn Snapshot,
    tree: Option<ObjectId>,
) {
    let is_for_people = common.format.is_none_or(|format| Format::from(format).is_for_people());
    let is_json = common.format.is_some_and(|format| Format::from(format) == Format::Json)
        || common.report.iter().any(|report| report.starts_with("json="));
    // A clone that fetches what it lacks would fetch every directory.
    if !(is_json || is_for_people && !common.quiet) || repository.objects().fetches() {
        return;
    }
    let count = match tree {
        Some(tree) => count_from_cache(repository, policy, head, tree),
        None => count_governed(head, policy).ok(),
    };
    report.checked.governed = count;
    report.checked.disciplines = count.map(|_| policy.disciplines.len() as u64);
    if count == Some(0) && policy.has_file {
        report.checked.unmatched = unmatched(policy);
    }
}

/// Returns the patterns of a policy with their packs; those of the baseline only where it has no others.
fn unmatched(policy: &Policy) -> Vec<String> {
    let all: Vec<(&str, Option<String>)> = policy
        .disciplines
        .iter()
        .map(|entry| (entry.pattern.as_str(), pack_of(&entry.pattern_origin.path)))
        .collect();
    let is_own = |(_, pack): &&(&str, Option<String>)| pack.as_deref() != Some(artifact::embedded::NAME);
    let own: Vec<&(&str, Option<String>)> = all.iter().filter(is_own).collect();
    let chosen = if own.is_empty() { all.iter().collect() } else { own };
    let shown = |(pattern, pack): &(&str, Option<String>)| match pack {
        Some(pack) => format!("{pattern} of {pack}"),
        None => (*pattern).to_string(),
    };
    if chosen.is_empty() {
        return vec!["the policy, which has no `paths`".into()];
    }
    chosen.into_iter().map(shown).collect()
}

/// Returns the name of the pack to which a file belongs.
fn pack_of(file: &RepoPath) -> Option<String> {
    let path = std::str::from_utf8(file.as_bytes()).ok()?;
    let pack = path.strip_prefix("policy-packs/")?.strip_suffix("/pack.yaml")?;
    Some(pack.into())
}

/// Counts what differs from the tree of an earlier run; everything without one.
fn count_from_cache(
    repository: &Repository,
    policy: &Policy,
    head: &dyn Snapshot,
    tree: ObjectId,
) -> Option<u64> {
    let file = cache_file(repository, policy);
    let cached = file.as_ref().and_then(|file| decode(&repo::disk::read_cache(file, MAX_CACHE_BYTES)?));
    if let Some((_, count)) = cached.filter(|(known, _)| *known == tree) {
        return Some(count);
    }
    let continued = cached.and_then(|(known, count)| {
        let objects = repository.objects();
        if !objects.contains(known) {
            return None;
        }
        let mut differ = TreeDiffer::new(objects, Comparison::Whole);
        let changes = differ.compare(Some(known), tree, &Governed(policy)).ok()?.changes;
        count.checked_add_signed(count_governed_changes(&changes, policy))
    });
    let count = continued.or_else(|| count_governed(head, policy).ok())?;
    if let Some(file) = file {
        // Without the cache, the next run counts again.
        let _ = repo::disk::write_cache(&file, &encode(tree, count));
    }
    Some(count)
}

/// The governed part of a tree.
struct Governed<'p>(&'p Policy);

impl Scope for Governed<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        self.0.enters(directory)
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        self.0.concerns(file)
    }
}

/// Returns the file that caches the count for this repository and policy.
fn cache_file(repository: &Repository, policy: &Policy) -> Option<PathBuf> {
    let place = repository.common_dir().canonicalize().ok()?;
    let key = format!("governed {} {}", place.display(), policy.digest);
    let id = repository.objects().hash_of(repo::ObjectKind::Blob, key.as_bytes()).ok()?;
    Some(environment::cache_directory()?.join(format!("governed-{id}.txt")))
}

/// Writes `<SHA-256 of the rest> <tree> <count>`.
fn encode(tree: ObjectId, count: u64) -> Vec<u8> {
    let body = format!("{tree} {count}");
    format!("{} {body}\n", Digest::of(body.as_bytes()).hex()).into_bytes()
}

/// Reads what [`encode`] writes; `None` if it is damaged.
fn decode(bytes: &[u8]) -> Option<(ObjectId, u64)> {
    let (digest, body) = std::str::from_utf8(bytes).ok()?.trim_end().split_once(' ')?;
    if digest != Digest::of(body.as_bytes()).hex() {
        return None;
    }
    let (tree, count) = body.split_once(' ')?;
    Some((ObjectId::from_hex(tree.as_bytes())?, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_cache_is_not_used() {
        let tree = ObjectId::from_hex(&[b'a'; 40]).unwrap();
        let bytes = encode(tree, 412);
        assert_eq!(decode(&bytes), Some((tree, 412)));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(decode(text.replace("412", "413").as_bytes()), None);
        assert_eq!(decode(b"\xff"), None);
        assert_eq!(decode(b""), None);
    }
}
