//! What helps where a policy names a pack wrongly: its version, or the nearest name.

use artifact::layout::PACK;
use artifact::{Fields, embedded};
use snapshot::{Mode, RepoPath, Snapshot};

use super::PACKS;
use super::pack::Folder;
use super::pin::is_name;

/// The edits between a name and one that is suggested for it.
const MAX_DISTANCE: usize = 3;

/// Returns the help for an entry of `packs` without a version: the whole entry, or the nearest name.
pub(super) fn without_version(snapshot: Option<&dyn Snapshot>, name: &str) -> Option<String> {
    if !is_name(name) {
        return None;
    }
    let Ok(Some(folder)) = Folder::find(snapshot, name) else { return Some(unknown(snapshot, name)) };
    let value = folder.source().parse().ok()?;
    let mut problems = Vec::new();
    let version = Fields::of(&value, "", &mut problems)?.optional_str("version")?.0;
    semver::Version::parse(version).ok()?;
    Some(format!("write {{name: {name}, version: {version}}}"))
}

/// Returns the help for a name that no pack has: the nearest name, or where packs are.
pub(super) fn unknown(snapshot: Option<&dyn Snapshot>, name: &str) -> String {
    let mut known: Vec<String> = embedded::names().map(String::from).collect();
    known.extend(snapshot.map(of_repository).unwrap_or_default());
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_string();
    let distance = |known: &str| {
        // A name without its group is near as well.
        let own = if name.contains('/') { known.to_string() } else { last(known) };
        strsim::damerau_levenshtein(&own, name)
    };
    let nearest = known.iter().map(|known| (distance(known), known)).min();
    match nearest.filter(|(distance, known)| *distance <= MAX_DISTANCE && *distance < last(known).len() - 1) {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "name a pack below policy-packs/, or an embedded one such as `baseline`".into(),
    }
}

/// Returns the names of the packs that a repository has, also in groups. What cannot be read has none.
fn of_repository(snapshot: &dyn Snapshot) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(RepoPath::from(PACKS), 0)];
    while let Some((path, depth)) = open.pop() {
        let Ok(Some(folder)) = snapshot.find(&path) else { continue };
        let Ok(entries) = snapshot.list(&folder) else { continue };
        let is_pack = entries.iter().any(|entry| entry.name == PACK.as_bytes());
        let inside = path.as_bytes().strip_prefix(PACKS.as_bytes()).unwrap_or_default();
        let name = String::from_utf8_lossy(inside).trim_start_matches('/').to_string();
        if is_pack {
            found.extend(is_name(&name).then_some(name));
        } else if depth < 2 {
            let folders = entries.iter().filter(|entry| entry.object.mode == Mode::Directory);
            open.extend(folders.map(|entry| (path.join(entry.name), depth + 1)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use super::*;

    fn tree() -> Memory {
        Memory::new()
            .with("policy-packs/porters/pack.yaml", "schema_version: 1\nname: porters\nversion: 2.1.0\n")
            .with("policy-packs/registries/ours/pack.yaml", "schema_version: 1\nversion: x\n")
    }

    #[test]
    fn an_entry_without_a_version_is_completed() {
        let tree = tree();
        for (name, expected) in [
            ("porters", Some("write {name: porters, version: 2.1.0}")),
            ("registries/ours", None),
            ("carterro", Some("did you mean `cartero`?")),
            ("../x", None),
            ("", None),
        ] {
            assert_eq!(without_version(Some(&tree), name).as_deref(), expected, "{name}");
        }
        for name in embedded::names() {
            let help = without_version(None, name).unwrap();
            assert!(help.starts_with(&format!("write {{name: {name}, version: ")), "{help}");
        }
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let (tree, none) = (tree(), "name a pack below policy-packs/, or an embedded one such as `baseline`");
        for (name, expected) in [
            ("carterro", "did you mean `cartero`?"),
            ("registries/krow", "did you mean `registries/krew`?"),
            ("krew", "did you mean `registries/krew`?"),
            ("porter", "did you mean `porters`?"),
            ("registries/ous", "did you mean `registries/ours`?"),
            ("nothing-alike", none),
            ("x", none),
        ] {
            assert_eq!(unknown(Some(&tree), name), expected, "{name}");
        }
        assert_eq!(unknown(None, "nothing-alike"), none);
    }
}
