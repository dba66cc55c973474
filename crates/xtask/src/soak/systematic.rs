//! Each governed entry of the sample, replaced by something that cannot be used: never taken for missing.

use snapshot::Mode;

use super::sample::{Sample, is_for_people};
use super::verdict::{Found, Gate};

/// More than the limit of every governed file but the segments of the ledger, whose content is chained.
const LARGE_BYTES: usize = 5 << 20;

/// What an entry is replaced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replacement {
    Link,
    Submodule,
    /// A directory in place of a file, and a file in place of a directory.
    OtherKind,
    Large,
    OtherCase,
}

use Replacement::{Large, Link, OtherCase, OtherKind, Submodule};

/// Returns every governed file, and every directory that contains one.
fn entries(sample: &Sample) -> Vec<String> {
    let mut entries = sample.governed();
    for path in entries.clone() {
        let mut directory = path.as_str();
        while let Some((above, _)) = directory.rsplit_once('/') {
            entries.push(above.into());
            directory = above;
        }
    }
    entries.sort();
    entries.dedup();
    entries.retain(|entry| !is_for_people(&format!("{entry}/")));
    entries
}

/// Replaces an entry; `None` where there is nothing to replace in this way.
fn replace(sample: &Sample, entry: &str, replacement: Replacement) -> Option<Sample> {
    let mut changed = sample.clone();
    let below = format!("{entry}/");
    let is_file = sample.files.contains_key(entry);
    let moved = |from: &str, to: &str| {
        let mut changed = sample.clone();
        changed.files.retain(|path, _| path != from && !path.starts_with(&format!("{from}/")));
        for (path, file) in &sample.files {
            if let Some(rest) =
                path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                changed.files.insert(format!("{to}{rest}"), file.clone());
            }
        }
        changed
    };
    let instead = |mode, content: &[u8]| {
        let mut changed = sample.clone();
        changed.files.retain(|path, _| path != entry && !path.starts_with(&below));
        changed.files.insert(entry.into(), (mode, content.to_vec()));
        changed
    };
    Some(match replacement {
        Link => {
            // The content stays, elsewhere: a link that leads to it.
            let elsewhere = moved(entry, "elsewhere");
            let mut changed = elsewhere;
            changed.files.insert(entry.into(), (Mode::Link, b"../elsewhere".to_vec()));
            changed
        }
        Submodule => instead(Mode::Submodule, "1".repeat(40).as_bytes()),
        OtherKind if is_file => moved(entry, &format!("{entry}/inside")),
        OtherKind => instead(Mode::File, b"x\n"),
        Large if !is_file => return None,
        Large => {
            let content = &mut changed.files.get_mut(entry)?.1;
            let filler: &[u8] = if entry.ends_with(".json") { b"          \n" } else { b"# padding\n" };
            while content.len() < LARGE_BYTES {
                content.extend(filler);
            }
            changed
        }
        OtherCase => {
            let (above, name) = entry.rsplit_once('/').map_or(("", entry), |(above, name)| (above, name));
            let at = name.find(|character: char| character.is_ascii_alphabetic())?;
            let mut other = name.as_bytes().to_vec();
            other[at] ^= 0x20;
            let other = String::from_utf8(other).ok()?;
            moved(entry, &if above.is_empty() { other } else { format!("{above}/{other}") })
        }
    })
}

/// Returns whether a whole tree is checked for an entry. The schemas of the embedded pack are copies for editors, and a change of a plugin
/// is what its rules check.
fn is_read_by_gate(entry: &str) -> bool {
    !entry.starts_with("plugins/") && !entry.starts_with("policy-packs/baseline/schemas/")
}

fn is_noticed(found: &Result<Found, String>, entry: &str) -> bool {
    found.as_ref().map_or(true, |found| found.fails() || found.names(entry))
}

/// Replaces every governed entry of a directory in every way.
fn replace_all(directory: &str) {
    let sample = Sample::of_this_repository();
    let gate = Gate::new(&sample);
    let mut entries = entries(&sample);
    // The files of a plugin's directories are checked like those beside its spec.
    let is_deep = |entry: &str| entry.starts_with("plugins/") && entry.split('/').count() > 3;
    entries.retain(|entry| entry.starts_with(directory) && !is_deep(entry));
    let (mut tried, mut unnoticed) = (0, Vec::new());
    for entry in &entries {
        for replacement in [Link, Submodule, OtherKind, Large, OtherCase] {
            let Some(changed) = replace(&sample, entry, replacement) else { continue };
            tried += 1;
            if !is_noticed(&gate.check_change(&changed), entry) {
                unnoticed.push(format!("{entry}: {replacement:?} in a change"));
            }
            if is_read_by_gate(entry) && !is_noticed(&gate.check_tree(&changed), entry) {
                unnoticed.push(format!("{entry}: {replacement:?} in a whole tree"));
            }
        }
    }
    println!("{tried} replacements of {} entries in {directory} tried", entries.len());
    assert!(tried > 10, "the entries of {directory} were found");
    assert!(unnoticed.is_empty(), "{} of {tried}:\n{}", unnoticed.len(), unnoticed.join("\n"));
}

#[test]
fn no_entry_of_the_ledger_that_cannot_be_used_counts_as_missing() {
    replace_all(".ledger");
}

#[test]
fn no_card_or_registry_that_cannot_be_used_counts_as_missing() {
    replace_all("ids");
}

#[test]
fn no_plugin_file_that_cannot_be_used_counts_as_missing() {
    replace_all("plugins");
}

#[test]
fn no_policy_file_that_cannot_be_used_counts_as_missing() {
    replace_all("policy-packs");
}
