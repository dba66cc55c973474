//! The plugins with a spec of ours, and whether their derived files are fresh.

use plugin_files::{PluginFiles, SnapshotSource};
use policy::Policy;
use rayon::prelude::*;
use repo::Worktree;
use snapshot::Node;

use crate::error::CommandError;
use crate::plugin::editor::{derived, folders, read};

/// A plugin with a spec.
pub(super) struct SpecRow {
    pub(super) key: String,
    pub(super) version: String,
    pub(super) status: String,
    pub(super) language: &'static str,
    pub(super) path: String,
    pub(super) files: String,
}

/// Returns the plugins of the layout.
pub(super) fn rows(tree: &Worktree<'_>, policy: &Policy) -> Result<Vec<SpecRow>, CommandError> {
    folders(tree)?.par_iter().map(|node| row(tree, policy, node)).collect()
}

fn row(tree: &Worktree<'_>, policy: &Policy, node: &Node) -> Result<SpecRow, CommandError> {
    let path = String::from_utf8_lossy(node.path.as_bytes()).into_owned();
    let files = PluginFiles::open(tree, node)?;
    let Ok(spec) = read(&files) else {
        let unknown = || "-".to_string();
        return Ok(SpecRow {
            key: unknown(),
            version: unknown(),
            status: unknown(),
            language: "-",
            path,
            files: "no valid spec".into(),
        });
    };
    let language = plugin_files::language(&files, &spec).map_or("-", artifact::Language::name);
    let files = match derived(&path, &files, SnapshotSource::KeepIfCurrent(policy)) {
        Ok(derivation) => match derivation.differing(&files).count() {
            0 => "up to date".into(),
            count => format!("{count} out of date"),
        },
        Err(_) => "cannot be generated".into(),
    };
    Ok(SpecRow { key: spec.key, version: spec.version, status: spec.status, language, path, files })
}
