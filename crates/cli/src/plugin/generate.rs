//! `id-plugin generate`: every derived file that is out of date is generated again.

use std::process::ExitCode;

use plugin_files::{PluginFiles, SnapshotSource};
use policy::Policy;
use rayon::prelude::*;
use repo::Worktree;
use snapshot::{Node, RepoPath};

use super::editor::{Change, Edited, Workbench, derived, folders, write};
use crate::arguments::{GenerateArguments, Writing};
use crate::error::{self, CommandError, ErrorKind};
use crate::output::{complain, print};

pub(super) fn generate(arguments: &GenerateArguments) -> ExitCode {
    let GenerateArguments { plugins, writing, check, refresh } = arguments;
    finish(make(plugins, writing, *check, *refresh), *check)
}

/// The outcome of a generation: the number of plugins, the lines to print, the number of changed files, and the errors of plugins.
pub(crate) struct Generation {
    plugins: usize,
    printed: String,
    files: usize,
    refused: Vec<CommandError>,
    /// Files of plugins that only this user's git ignores.
    left_out: Vec<RepoPath>,
}

pub(crate) fn finish(made: Result<Generation, CommandError>, check: bool) -> ExitCode {
    let made = match made {
        Ok(made) => made,
        Err(refusal) => return error::finish(Err(refusal)),
    };
    let Generation { plugins, printed, files, refused, left_out } = made;
    let notes: String = left_out.iter().map(note).collect();
    let verb = if check { "out of date" } else { "regenerated" };
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let status =
        print(&format!("{printed}{notes}{}: {} {verb}\n", count(plugins, "plugin"), count(files, "file")));
    refused.iter().for_each(|refusal| complain(refusal.message()));
    if check && files > 0 {
        complain("derived files are out of date: id-plugin generate");
    }
    if !refused.is_empty() || check && files > 0 { ExitCode::from(1) } else { status }
}

/// Reports a file that others would see, and that git would not commit here.
fn note(path: &RepoPath) -> String {
    let path = diagnostic::sanitise::path(path);
    format!("left out: {path} (ignored by info/exclude or core.excludesFile, not by a .gitignore)\n")
}

/// Refuses to derive files from one that git stores differently, if only a program knows how.
fn refuse_unconverted(tree: &Worktree<'_>, policy: &Policy) -> Result<(), CommandError> {
    let unconverted = tree.notes().unconverted;
    let found = unconverted.iter().find(|(path, _)| policy.layout.plugin_directory(path).is_some());
    let Some((path, attribute)) = found else { return Ok(()) };
    let shown = diagnostic::sanitise::path(path);
    let name = artifact::shell::pathspec(path.as_bytes());
    Err(CommandError::failed_with(
        format!("{shown} was modified, and what git would store of it is not known: `{attribute}`"),
        format!("stage it, then generate again: git add -- {name}"),
    ))
}

pub(crate) fn make(
    wanted: &[String],
    writing: &Writing,
    check: bool,
    refresh: bool,
) -> Result<Generation, CommandError> {
    let bench = Workbench::open(&writing.place.repo)?;
    let tree = bench.worktree()?;
    let policy = bench.policy()?;
    let under = if refresh { SnapshotSource::Fresh(&policy) } else { SnapshotSource::KeepIfCurrent(&policy) };
    let of = |directory: &str, files: &PluginFiles| -> Result<Vec<Change>, CommandError> {
        let derivation = derived(directory, files, under)?;
        let changes = derivation.differing(files).map(|(path, text)| Change {
            path: format!("{directory}/{path}"),
            before: files.files.get(path).cloned(),
            after: text.to_vec(),
        });
        Ok(changes.collect())
    };
    let results: Vec<Result<Vec<Change>, CommandError>> = match wanted {
        [] => {
            let each = |node: &Node| {
                let directory = String::from_utf8_lossy(node.path.as_bytes()).into_owned();
                let files = PluginFiles::open(&tree, node)?;
                // A directory without a spec is not a plugin; other rules report it.
                match files.files.contains_key(artifact::layout::SPEC) {
                    true => of(&directory, &files),
                    false => Ok(Vec::new()),
                }
            };
            folders(&tree)?.par_iter().map(each).collect()
        }
        names => {
            let each = |name: &String| {
                let plugin = Edited::find(&tree, name)?;
                of(&plugin.directory, &plugin.before)
            };
            names.iter().map(each).collect()
        }
    };
    refuse_unconverted(&tree, &policy)?;
    let left_out = tree.notes().left_out.into_iter();
    let left_out = left_out.filter(|path| policy.layout.plugin_directory(path).is_some()).collect();
    let mut made = Generation {
        plugins: results.len(),
        printed: String::new(),
        files: 0,
        refused: Vec::new(),
        left_out,
    };
    for result in results {
        match result {
            Ok(changes) if check && !writing.diff => {
                made.files += changes.len();
                let up = crate::environment::way_up(&bench.root);
                made.printed.extend(changes.iter().map(|change| {
                    format!("out of date: {up}{}\n", diagnostic::sanitise::text(&change.path))
                }));
            }
            Ok(changes) => {
                made.files += changes.len();
                made.printed += &write(&bench.root, &changes, writing)?;
            }
            // An invalid plugin does not stop the others.
            Err(error) if error.kind == ErrorKind::Refused => made.refused.push(error),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(made)
}
