//! The differences between two registries, described for people.

use std::collections::BTreeMap;

use artifact::Ulid;

use super::Entry;

/// The differences of one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The identity.
    pub ulid: Ulid,
    /// Its key in the older registry, or the new key of a new identity.
    pub key: String,
    /// The changes, one description each.
    pub steps: Vec<String>,
}

/// Returns the differences of each identity between two registries, sorted by ULID. The descriptions quote the repository: sanitise them before display.
#[must_use]
pub fn differences(old: &BTreeMap<Ulid, Entry>, new: &BTreeMap<Ulid, Entry>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (ulid, before) in old {
        let steps = match new.get(ulid) {
            None => vec!["is missing: identities must never be removed from a registry".to_string()],
            Some(after) => steps(before, after),
        };
        if !steps.is_empty() {
            found.push(Difference { ulid: *ulid, key: before.key.clone(), steps });
        }
    }
    for (ulid, entry) in new.iter().filter(|(ulid, _)| !old.contains_key(ulid)) {
        let owner = entry.owner.as_ref().map(|owner| format!(", owner {owner}")).unwrap_or_default();
        let mut all = vec![format!("was created: {} at {}{owner}", entry.kind, entry.path)];
        let at_creation = Entry {
            version: None,
            status: "active".into(),
            aliases: Vec::new(),
            tag: None,
            sha256: None,
            yanked: Vec::new(),
            ..entry.clone()
        };
        all.extend(steps(&at_creation, entry));
        found.push(Difference { ulid: *ulid, key: entry.key.clone(), steps: all });
    }
    found.sort_by_key(|difference| difference.ulid);
    found
}

/// Returns the changes between two states of an identity.
fn steps(before: &Entry, after: &Entry) -> Vec<String> {
    let mut steps = Vec::new();
    let mut changed = |was: &str, is: &str, verb: &str| {
        if was != is {
            steps.push(format!("{verb} from {was} to {is}"));
        }
    };
    changed(&before.key, &after.key, "changed its key");
    changed(&before.path, &after.path, "moved");
    changed(&before.kind, &after.kind, "changed its kind");
    let no_owner = || "no owner".to_string();
    let [was, is] = [before, after].map(|entry| entry.owner.clone().unwrap_or_else(no_owner));
    changed(&was, &is, "was transferred");
    match (&before.version, &after.version) {
        (None, Some(version)) => steps.push(format!("published {version}")),
        (Some(was), Some(is)) if was != is => steps.push(format!("published {is} after {was}")),
        (Some(was), None) => steps.push(format!("no longer has version {was}")),
        _ if before.sha256 != after.sha256 && before.sha256.is_some() => {
            steps.push("has different content under the same version".into());
        }
        _ => {}
    }
    for alias in after.aliases.iter().filter(|alias| !before.aliases.contains(alias)) {
        steps.push(format!("got the alias {alias}"));
    }
    for alias in before.aliases.iter().filter(|alias| !after.aliases.contains(alias)) {
        steps.push(format!("lost the alias {alias}"));
    }
    for version in after.yanked.iter().filter(|version| !before.yanked.contains(version)) {
        steps.push(format!("yanked {version}"));
    }
    if before.status != after.status {
        let more = match (&after.merged_into, &after.replaced_by) {
            (Some(target), _) => format!(" into {target}"),
            (None, Some(other)) => format!(", replaced by {other}"),
            (None, None) => String::new(),
        };
        steps.push(match after.status.as_str() {
            "active" => format!("is active again after it was {}", before.status),
            status => format!("was {status}{more}"),
        });
    }
    if before.unrecorded && !after.unrecorded {
        steps.push("was recorded".into());
    }
    if steps.is_empty() && before != after {
        steps.push("has different data".into());
    }
    steps
}
