//! What happened to identities between two registries, in words.

use std::collections::BTreeMap;

use artifact::Ulid;

use super::Entry;

/// What happened to one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The identity.
    pub ulid: Ulid,
    /// Its key, as it was known first.
    pub key: String,
    /// What happened, a step each.
    pub steps: Vec<String>,
}

/// Tells what happened to each identity between two registries, by ULID. The texts are the repository's: a stranger's.
#[must_use]
pub fn differences(old: &BTreeMap<Ulid, Entry>, new: &BTreeMap<Ulid, Entry>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (ulid, before) in old {
        let steps = match new.get(ulid) {
            None => vec!["is not there any more: no identity ever leaves a registry".to_string()],
            Some(after) => steps(before, after),
        };
        if !steps.is_empty() {
            found.push(Difference { ulid: *ulid, key: before.key.clone(), steps });
        }
    }
    for (ulid, entry) in new.iter().filter(|(ulid, _)| !old.contains_key(ulid)) {
        let owner = entry.owner.as_ref().map(|owner| format!(", of {owner}")).unwrap_or_default();
        let mut told = vec![format!("was minted: a {} at {}{owner}", entry.kind, entry.path)];
        let born = Entry {
            version: None,
            status: "active".into(),
            aliases: Vec::new(),
            tag: None,
            sha256: None,
            yanked: Vec::new(),
            ..entry.clone()
        };
        told.extend(steps(&born, entry));
        found.push(Difference { ulid: *ulid, key: entry.key.clone(), steps: told });
    }
    found.sort_by_key(|difference| difference.ulid);
    found
}

/// What made one entry of another.
fn steps(before: &Entry, after: &Entry) -> Vec<String> {
    let mut told = Vec::new();
    let mut changed = |was: &str, is: &str, words: &str| {
        if was != is {
            told.push(format!("{words} from {was} to {is}"));
        }
    };
    changed(&before.key, &after.key, "changed its key");
    changed(&before.path, &after.path, "moved");
    changed(&before.kind, &after.kind, "changed its kind");
    let nobody = || "nobody".to_string();
    let [was, is] = [before, after].map(|entry| entry.owner.clone().unwrap_or_else(nobody));
    changed(&was, &is, "was transferred");
    match (&before.version, &after.version) {
        (None, Some(version)) => told.push(format!("published {version}")),
        (Some(was), Some(is)) if was != is => told.push(format!("published {is} after {was}")),
        (Some(was), None) => told.push(format!("has no version {was} any more")),
        _ if before.sha256 != after.sha256 && before.sha256.is_some() => {
            told.push("has other bytes under the same version".into());
        }
        _ => {}
    }
    for alias in after.aliases.iter().filter(|alias| !before.aliases.contains(alias)) {
        told.push(format!("is also called {alias}"));
    }
    for alias in before.aliases.iter().filter(|alias| !after.aliases.contains(alias)) {
        told.push(format!("is not called {alias} any more"));
    }
    for version in after.yanked.iter().filter(|version| !before.yanked.contains(version)) {
        told.push(format!("yanked {version}"));
    }
    if before.status != after.status {
        let more = match (&after.merged_into, &after.replaced_by) {
            (Some(target), _) => format!(" into {target}"),
            (None, Some(other)) => format!(", replaced by {other}"),
            (None, None) => String::new(),
        };
        told.push(match after.status.as_str() {
            "active" => format!("is active again after it was {}", before.status),
            status => format!("was {status}{more}"),
        });
    }
    if before.unrecorded && !after.unrecorded {
        told.push("was recorded".into());
    }
    if told.is_empty() && before != after {
        told.push("is told of otherwise".into());
    }
    told
}
