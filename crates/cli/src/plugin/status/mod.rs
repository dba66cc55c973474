//! `id-plugin status`: the compliance checklist of one plugin, by the rules that `check` runs.

mod items;
mod print;

use std::process::ExitCode;

use diagnostic::{Diagnostic, Report};
use repo::Repository;
use snapshot::{RepoPath, Snapshot};

use self::items::{Item, State};
use super::editor::{Edited, Workbench};
use crate::arguments::{CheckArguments, Common, StatusArguments, StructureArguments};
use crate::error::{self, CommandError};
use crate::guard::check::check_change;
use crate::output;
use crate::ref_tags::TAGS_NOT_CHECKED;
use crate::session::open;
use crate::structure::check_tree;

/// The recorded results of the tests.
const RESULTS: &str = "conformance/results.json";

/// The checklist of a plugin.
struct Checklist {
    key: String,
    version: String,
    directory: String,
    items: Vec<Item>,
}

pub(super) fn run(arguments: &StatusArguments) -> ExitCode {
    let checklist = match check(arguments) {
        Ok(checklist) => checklist,
        Err(error) => return error::finish(Err(error)),
    };
    let text = if arguments.json { print::json(&checklist) } else { print::text(&checklist) };
    let printed = output::print(&text);
    let fails = |item: &Item| match item.state {
        State::Passed => false,
        State::Failed => true,
        State::NotRun(_) => arguments.strict,
    };
    if printed == ExitCode::SUCCESS && checklist.items.iter().any(fails) {
        ExitCode::from(1)
    } else {
        printed
    }
}

fn check(arguments: &StatusArguments) -> Result<Checklist, CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let tree = bench.worktree()?;
    let plugin = Edited::find(&tree, &arguments.plugin)?;
    let policy = bench.policy()?;
    let repository = open(&arguments.place.repo)?;
    let directory = RepoPath::from(plugin.directory.as_str());
    let spec = plugin.spec().ok();
    let ulid = spec.as_ref().map(|spec| spec.ulid.clone()).unwrap_or_default();
    let key = spec.as_ref().map_or_else(|| plugin.name().to_string(), |spec| spec.key.clone());
    let card = RepoPath::from(index::CARDS).join(format!("{ulid}.yaml").as_bytes());

    let common = || Common::at(&arguments.place.repo);
    let structure = check_tree(&repository, &StructureArguments::of(common()))?;
    let change = changed(&repository, arguments);
    if let Some(error) = structure.errors.first().or_else(|| change.as_ref().ok()?.errors.first()) {
        return Err(CommandError::from(error.clone()));
    }
    let concerns = |finding: &&Diagnostic| {
        let names_it = finding.message.contains(&key);
        finding.location.as_ref().is_none_or(|place| {
            let path = place.path.as_bytes();
            let is_below = path
                .strip_prefix(directory.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"));
            is_below || place.path == card || names_it || items::is_of_registry(finding.rule.id)
        })
    };
    let mut findings: Vec<&Diagnostic> = Vec::new();
    for finding in structure.findings.iter().chain(change.iter().flat_map(|report| &report.findings)) {
        let is_known = findings.iter().any(|known| known.fingerprint() == finding.fingerprint());
        if finding.fails() && concerns(&finding) && !is_known {
            findings.push(finding);
        }
    }
    let mut not_run = items::NotRun::default();
    if !plugin.before.files.contains_key(RESULTS) {
        not_run.tests = Some(format!("{RESULTS} is missing: no result of the tests is recorded"));
    }
    if policy.core.versions.is_empty() {
        not_run.core = Some("`core.versions` is not set".into());
    }
    not_run.guards = change.as_ref().err().map(|reason| format!("not compared with a base branch: {reason}"));
    not_run.registry = match tree.find(&RepoPath::from(ledger::files::FOLDER))? {
        None => Some("this repository has no ledger".into()),
        Some(_) => {
            structure.messages.iter().any(|text| text == TAGS_NOT_CHECKED).then(|| TAGS_NOT_CHECKED.into())
        }
    };
    Ok(Checklist {
        version: spec.map(|spec| spec.version).unwrap_or_default(),
        items: items::of(&findings, not_run),
        directory: plugin.directory.clone(),
        key,
    })
}

/// Checks the working tree as a change: against its base branch, or else against `HEAD`. The error is why that is not possible.
fn changed(repository: &Repository, arguments: &StatusArguments) -> Result<Report, String> {
    let of = |base: Option<&str>| CheckArguments {
        base: base.map(String::from),
        worktree: true,
        may_check_nothing: true,
        ..CheckArguments::of(Common::at(&arguments.place.repo))
    };
    let found = check_change(repository, &of(None)).or_else(|_| check_change(repository, &of(Some("HEAD"))));
    found.map_err(|error| {
        let errors = error.into_errors();
        errors.into_iter().map(|error| error.message).next().unwrap_or_default()
    })
}
