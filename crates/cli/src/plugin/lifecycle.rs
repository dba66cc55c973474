//! The lifecycle of a plugin: edits of its spec that the gate accepts and the ledger records.

use diagnostic::portable::why_unsafe;
use index::Ledgers;
use plugin_files::SnapshotSource;
use policy::Policy;
use semver::{BuildMetadata, Prerelease, Version};
use serde_json::json;
use snapshot::RepoPath;

use super::editor::{Change, Edited, Workbench, write};
use crate::arguments::{
    BumpArguments, ConsolidateArguments, DeprecateArguments, MoveArguments, PublishArguments, RekeyArguments,
    Writing,
};
use crate::error::CommandError;
use crate::mint;

pub(super) fn bump(arguments: &BumpArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let policy = bench.policy()?;
    let mut plugin = Edited::find(&bench.worktree()?, &arguments.plugin)?;
    let from = plugin.living()?.version;
    let to = raised(&from, &arguments.to)?;
    plugin.set("/version", &json!(to))?;
    // What is published anew is made under today's policy.
    plugin.derive(SnapshotSource::Fresh(&policy))?;
    finish(&bench, plugin.changes(), &arguments.writing, &format!("{}: {from} → {to}\n", plugin.name()))
}

/// The version that follows.
fn raised(from: &str, to: &str) -> Result<String, CommandError> {
    let refused =
        |message: String| CommandError::refused(message, "pass major, minor, patch, or a higher version");
    let old = Version::parse(from)
        .map_err(|_| refused(format!("{from:?} is not a valid version (SemVer 2.0.0)")))?;
    let next =
        |number: u64| number.checked_add(1).ok_or_else(|| refused(format!("no number follows {number}")));
    let mut new = Version { pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..old.clone() };
    match to {
        // Of a pre-release the version itself follows (SemVer 2.0.0 §9).
        "patch" if !old.pre.is_empty() => {}
        "patch" => new.patch = next(old.patch)?,
        "minor" if !old.pre.is_empty() && old.patch == 0 => {}
        "minor" => (new.minor, new.patch) = (next(old.minor)?, 0),
        "major" if !old.pre.is_empty() && old.patch == 0 && old.minor == 0 => {}
        "major" => (new.major, new.minor, new.patch) = (next(old.major)?, 0, 0),
        text => {
            new = Version::parse(text)
                .map_err(|_| refused(format!("{text:?} is not a valid version (SemVer 2.0.0)")))?
        }
    }
    match new.cmp_precedence(&old).is_gt() {
        true => Ok(new.to_string()),
        false => Err(refused(format!("{new} is not higher than {old}"))),
    }
}

pub(super) fn publish(arguments: &PublishArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let policy = bench.policy()?;
    let mut plugin = Edited::find(&bench.worktree()?, &arguments.plugin)?;
    let spec = plugin.spec()?;
    if spec.status != "draft" {
        return Err(CommandError::refused(
            format!("{} is {}: only a draft is published this way", spec.key, spec.status),
            format!("raise the version instead: id-plugin bump {} minor", plugin.name()),
        ));
    }
    let version = arguments.version.as_deref().unwrap_or(&spec.version);
    if Version::parse(version).is_err() {
        return Err(CommandError::refused(
            format!("{version:?} is not a valid version (SemVer 2.0.0)"),
            "pass a version such as 1.0.0",
        ));
    }
    let directory = plugin.directory.rsplit('/').next().unwrap_or_default();
    let values = [("name", directory), ("key", &spec.key), ("ulid", &spec.ulid), ("version", version)];
    let is_taggable =
        |tag: &artifact::tag::Template| tag.fill(&values).is_some_and(|tag| artifact::tag::is_plain(&tag));
    if policy.tags.plugin.as_ref().is_some_and(|template| !is_taggable(template)) {
        return Err(CommandError::refused(
            format!("git accepts no tag of version {version} of {}", plugin.name()),
            "pass a version such as 1.0.0",
        ));
    }
    let printed = format!("{} {version} is published once this change is merged\n", spec.key);
    plugin.set("/version", &json!(version))?;
    plugin.set("/status", &json!("active"))?;
    // What is published is made under today's policy.
    plugin.derive(SnapshotSource::Fresh(&policy))?;
    finish(&bench, plugin.changes(), &arguments.writing, &printed)
}

pub(super) fn deprecate(arguments: &DeprecateArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let tree = bench.worktree()?;
    let mut plugin = Edited::find(&tree, &arguments.plugin)?;
    let spec = plugin.spec()?;
    if spec.status != "active" {
        return Err(CommandError::refused(
            format!("{} is {} already", spec.key, spec.status),
            "only an active plugin is deprecated",
        ));
    }
    let since = arguments.since.clone().unwrap_or(spec.version);
    let mut deprecation = json!({"reason": arguments.reason, "since": since});
    if let Some(key) = &arguments.replaced_by {
        Edited::find(&tree, key)?;
        deprecation["replaced_by"] = json!(key);
    }
    plugin.set("/status", &json!("deprecated"))?;
    plugin.set("/deprecation", &deprecation)?;
    plugin.derive(SnapshotSource::Existing)?;
    finish(&bench, plugin.changes(), &arguments.writing, &format!("{} is deprecated\n", spec.key))
}

pub(super) fn relocate(arguments: &MoveArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let tree = bench.worktree()?;
    let plugin = Edited::find(&tree, &arguments.plugin)?;
    plugin.living()?;
    let from = plugin.directory.clone();
    let to = arguments.to.trim_end_matches('/');
    // A name alone is that of a directory beside the present one.
    let (parent, name) =
        to.rsplit_once('/').unwrap_or((from.rsplit_once('/').map_or("", |(top, _)| top), to));
    let to = if parent.is_empty() { name.to_string() } else { format!("{parent}/{name}") };
    let layout = Policy::layout(&tree)?;
    if !artifact::tag::is_plugin_name(name.as_bytes()) {
        return Err(CommandError::refused(
            format!("{to:?} is not a valid directory of a plugin"),
            "use lower-case letters, digits, `_` and `-`, a letter or digit first",
        ));
    }
    if let Some(why) = why_unsafe(name.as_bytes()) {
        return Err(CommandError::refused(
            format!("{to:?} is not a valid directory: it {why}"),
            "choose another name",
        ));
    }
    if !layout.is_plugin_directory(&RepoPath::from(to.as_str())) {
        return Err(CommandError::refused(
            format!("{to:?} is not a valid directory of a plugin in this repository"),
            format!("plugins are in {}", layout.show()),
        ));
    }
    let is_taken = bench.root.join(&to).symlink_metadata().is_ok();
    if is_taken {
        return Err(CommandError::refused(format!("{to} is there already"), "choose another folder"));
    }
    if arguments.writing.dry_run || arguments.writing.diff {
        return Ok(format!("would move {from} to {to}\n"));
    }
    repo::disk::refuse_links(&bench.root, from.as_ref())?;
    repo::disk::refuse_links(&bench.root, to.as_ref())?;
    if let Some(parent) = bench.root.join(&to).parent() {
        repo::disk::make_directory(parent)?;
    }
    repo::disk::relocate(&bench.root.join(&from), &bench.root.join(&to))?;
    let up = crate::environment::way_up(&bench.root);
    let [from, to] = [from, to].map(|path| format!("{up}{path}"));
    Ok(format!("moved {from} to {to}\nnext: git add -A {from} {to} && git commit\n"))
}

pub(super) fn rekey(arguments: &RekeyArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let tree = bench.worktree()?;
    let mut plugin = Edited::find(&tree, &arguments.plugin)?;
    let spec = plugin.living()?;
    let index = mint::index(&bench.repository)?;
    let ledgers = Ledgers::open(&tree)?;
    let (kind, ulid) = (artifact::ArtifactKind::Plugin, spec.ulid.as_str());
    mint::refuse_taken(kind, &arguments.key, ulid, &index, &ledgers)?;
    if spec.key == arguments.key {
        return Err(CommandError::refused(format!("{} is its key already", spec.key), "choose another key"));
    }
    plugin.set("/key", &json!(arguments.key))?;
    let mut aliases: Vec<&str> = spec.strings_at("/aliases");
    aliases.retain(|alias| *alias != arguments.key);
    if !aliases.contains(&spec.key.as_str()) {
        aliases.push(&spec.key);
    }
    plugin.set("/aliases", &json!(aliases))?;
    plugin.derive(SnapshotSource::Existing)?;
    let printed = format!("{} is {} from now on; the old key stays as an alias\n", spec.key, arguments.key);
    finish(&bench, plugin.changes(), &arguments.writing, &printed)
}

pub(super) fn consolidate(arguments: &ConsolidateArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.writing.place.repo)?;
    let tree = bench.worktree()?;
    let mut into = Edited::find(&tree, &arguments.into)?;
    let spec = into.living()?;
    let mut absorbs: Vec<String> = spec.strings_at("/links/absorbs").into_iter().map(String::from).collect();
    let mut changes = Vec::new();
    let mut others = arguments.others.clone();
    others.dedup();
    for wanted in &others {
        let mut other = Edited::find(&tree, wanted)?;
        let taken = other.spec()?;
        if taken.ulid == spec.ulid || matches!(taken.status.as_str(), "retired" | "consolidated") {
            return Err(CommandError::refused(
                match taken.ulid == spec.ulid {
                    true => format!("{} cannot take in itself", spec.key),
                    false => format!("{} is {} already", taken.key, taken.status),
                },
                "name plugins that are active or deprecated",
            ));
        }
        other.set("/status", &json!("consolidated"))?;
        other.set("/links/merged_into", &json!([spec.ulid]))?;
        other.derive(SnapshotSource::Existing)?;
        changes.extend(other.changes());
        if !absorbs.contains(&taken.ulid) {
            absorbs.push(taken.ulid);
        }
    }
    into.set("/links/absorbs", &json!(absorbs))?;
    into.derive(SnapshotSource::Existing)?;
    changes.extend(into.changes());
    let printed = format!("{} takes in {}\n", spec.key, others.join(", "));
    finish(&bench, changes, &arguments.writing, &printed)
}

fn finish(
    bench: &Workbench,
    changes: Vec<Change>,
    writing: &Writing,
    printed: &str,
) -> Result<String, CommandError> {
    let written = write(&bench.root, &changes, writing)?;
    match writing.dry_run || writing.diff {
        true => Ok(written),
        false => Ok(format!("{written}{printed}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_only_rises() {
        for (from, to, expected) in [
            ("1.2.3", "patch", "1.2.4"),
            ("1.2.3", "minor", "1.3.0"),
            ("1.2.3", "major", "2.0.0"),
            ("2.0.0-rc.1", "major", "2.0.0"),
            ("1.3.0-rc.1", "minor", "1.3.0"),
            ("1.2.3-rc.1", "patch", "1.2.3"),
            ("1.2.3+build", "patch", "1.2.4"),
            ("1.2.3", "2.0.0-rc.1", "2.0.0-rc.1"),
        ] {
            assert_eq!(raised(from, to).ok().as_deref(), Some(expected), "{from} {to}");
        }
        for to in ["1.2.3", "1.0.0", "more", "1.2.3+other"] {
            assert!(raised("1.2.3", to).is_err(), "{to}");
        }
    }
}
