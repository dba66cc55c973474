//! `id-plugin list`: the plugins of the working tree, and whether their derived files are fresh.

use plugin_files::{PluginFiles, SnapshotSource};
use rayon::prelude::*;
use serde_json::json;

use super::editor::{Workbench, derived, folders, read};
use crate::arguments::ListPluginsArguments;
use crate::error::CommandError;
use crate::output;

struct Row {
    key: String,
    version: String,
    status: String,
    language: &'static str,
    path: String,
    files: String,
}

pub(super) fn run(arguments: &ListPluginsArguments) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let (tree, policy) = (bench.worktree()?, bench.policy()?);
    let row = |node: &snapshot::Node| -> Result<Row, CommandError> {
        let path = String::from_utf8_lossy(node.path.as_bytes()).into_owned();
        let files = PluginFiles::open(&tree, node)?;
        let Ok(spec) = read(&files) else {
            let unknown = || "-".to_string();
            return Ok(Row {
                key: unknown(),
                version: unknown(),
                status: unknown(),
                language: "-",
                path,
                files: "no valid spec".into(),
            });
        };
        let language = plugin_files::language(&files, &spec).map_or("-", artifact::Language::name);
        let files = match derived(&path, &files, SnapshotSource::KeepIfCurrent(&policy)) {
            Ok(derivation) => match derivation.differing(&files).count() {
                0 => "up to date".into(),
                count => format!("{count} out of date"),
            },
            Err(_) => "cannot be generated".into(),
        };
        Ok(Row { key: spec.key, version: spec.version, status: spec.status, language, path, files })
    };
    let rows: Vec<Row> = folders(&tree)?.par_iter().map(row).collect::<Result<_, _>>()?;
    if arguments.json {
        let list: Vec<_> = rows
            .iter()
            .map(|row| json!({"key": row.key, "version": row.version, "status": row.status, "language": row.language, "path": row.path, "derived": row.files}))
            .collect();
        return Ok(output::json(&json!({"schema_version": 1, "plugins": list})));
    }
    let width =
        |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or_default();
    let [key, version, status, path] =
        [width(|row| &row.key), width(|row| &row.version), width(|row| &row.status), width(|row| &row.path)];
    let mut text = String::new();
    for row in &rows {
        let line = format!(
            "{:key$}  {:version$}  {:status$}  {:10}  {:path$}  {}",
            row.key, row.version, row.status, row.language, row.path, row.files
        );
        text += &(diagnostic::sanitise::text(line.trim_end()) + "\n");
    }
    match text.is_empty() {
        true => Ok("no plugin found; create one: id-plugin new \"Local Preview\"\n".into()),
        false => Ok(text),
    }
}
