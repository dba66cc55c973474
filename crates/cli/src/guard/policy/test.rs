//! `id-guard policy test`: runs the tests of packs with the engine of custom rules.

use artifact::layout::PACKS;
use policy::Policy;
use rego::{Job, Reply, Source};
use snapshot::{Mode, RepoPath, Snapshot as _};

use crate::arguments::TestArguments;
use crate::custom;
use crate::error::CommandError;
use crate::plugin::editor::Workbench;

/// Returns the output, and whether every test passed.
pub(super) fn run(arguments: &TestArguments) -> Result<(String, bool), CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let tree = bench.worktree()?;
    let mut names = arguments.packs.clone();
    if names.is_empty() {
        let folder = tree.find(&RepoPath::from(PACKS))?.filter(|node| node.object.mode == Mode::Directory);
        if let Some(folder) = folder {
            let listing = tree.list(&folder)?;
            let packs = listing.iter().filter(|entry| entry.object.mode == Mode::Directory);
            names.extend(packs.map(|entry| String::from_utf8_lossy(entry.name).into_owned()));
        }
    }
    let (mut printed, mut run, mut failed, mut skipped) = (String::new(), 0, 0, 0);
    for name in &names {
        let Some((sources, data)) = Policy::rules_of(&tree, name)? else {
            return Err(CommandError::failed_with(
                format!("pack not found: {name:?}"),
                "id-guard policy show lists those that apply",
            ));
        };
        if sources.is_empty() {
            continue;
        }
        let sources = sources
            .into_iter()
            .map(|(path, text)| Source { path: String::from_utf8_lossy(path.as_bytes()).into_owned(), text });
        let data = data.iter().map(|(_, value)| schema::json(value)).collect();
        let job = Job::Test { sources: sources.collect(), data };
        let Reply::Tested(results) = custom::ask(&job).map_err(custom::check_error)? else { continue };
        for result in results {
            run += 1;
            let state = match (result.skipped, result.passed) {
                (true, _) => "skipped",
                (false, true) => "passed",
                (false, false) => "FAILED",
            };
            skipped += usize::from(result.skipped);
            failed += usize::from(!result.skipped && !result.passed);
            let note = result.note.map(|note| format!(": {note}")).unwrap_or_default();
            let line = format!("{state}  {}  {}:{}{note}", result.name, result.path, result.line);
            printed += &(diagnostic::sanitise::text(&line) + "\n");
        }
    }
    let summary = format!("{run} tests of {} packs: {failed} failed, {skipped} skipped", names.len());
    Ok((format!("{printed}{summary}\n"), failed == 0))
}
