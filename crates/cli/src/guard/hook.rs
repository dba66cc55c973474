//! `id-guard hook`: runs from git's hooks, directly or through a hook manager (pre-commit, lefthook, husky).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diagnostic::Report;
use repo::Repository;

use crate::arguments::{CheckArguments, Common, HookArguments, HookCommand, StructureArguments};
use crate::environment::variable;
use crate::error::CommandError;
use crate::guard::check::check_change;
use crate::session::open;
use crate::{base, environment, output, structure};

pub(crate) fn run(command: &HookCommand) -> ExitCode {
    let report = match command {
        HookCommand::PreCommit(_) => pre_commit(),
        HookCommand::PrePush(arguments) => pre_push(arguments),
        HookCommand::PreReceive(_) => pre_receive(),
    };
    let report = report.unwrap_or_else(|error| error.into_report("check"));
    // A hook that passes prints nothing.
    let common = Common { quiet: true, color: crate::arguments::ColorArgument::Auto, ..here() };
    let ran: Vec<&'static engine::Rule> =
        rules::ALL.iter().copied().filter(|rule| rule.runs_in(engine::RunKind::Change)).collect();
    output::finish("id-guard", &common, &ran, report)
}

fn here() -> Common {
    Common::at(Path::new("."))
}

/// Checks the index that git is about to commit.
fn pre_commit() -> Result<Report, CommandError> {
    // `git commit -a` and `git commit PATH` commit a different index than the repository's (githooks(5)).
    let mut repository = open(Path::new("."))?;
    if let Some(index) = variable("GIT_INDEX_FILE") {
        repository.use_index(&PathBuf::from(index));
    }
    if repository.resolve("HEAD")?.is_none() {
        // The first commit has no base: all artifacts are checked.
        let arguments =
            StructureArguments { staged: true, may_check_nothing: true, ..StructureArguments::of(here()) };
        return structure::check_artifacts(&repository, &arguments);
    }
    let arguments = CheckArguments { staged: true, may_check_nothing: true, ..CheckArguments::of(here()) };
    check_change(&repository, &arguments)
}

/// Checks the pushed refs.
fn pre_push(arguments: &HookArguments) -> Result<Report, CommandError> {
    let repository = open(Path::new("."))?;
    let lines = match framework(&repository)? {
        Some(lines) => lines,
        None => lines_of("pre-push")?,
    };
    let remote = arguments.given.first().cloned().or_else(|| variable("PRE_COMMIT_REMOTE_NAME"));
    let arguments = CheckArguments {
        pre_push: true,
        pushed_lines: Some(lines),
        remote,
        may_check_nothing: true,
        ..CheckArguments::of(here())
    };
    check_change(&repository, &arguments)
}

/// Checks a push that a server receives: its objects are still in quarantine, and its refs have their old values.
fn pre_receive() -> Result<Report, CommandError> {
    let repository = open(Path::new("."))?;
    let arguments =
        CheckArguments { received_lines: Some(lines_of("pre-receive")?), ..CheckArguments::of(here()) };
    check_change(&repository, &arguments)
}

/// Reads the lines that git passes to a hook.
fn lines_of(hook: &str) -> Result<String, CommandError> {
    let bytes = environment::input()
        .map_err(|error| CommandError::failed(format!("cannot read standard input: {error}")))?;
    String::from_utf8(bytes).map_err(|_| CommandError::failed(format!("the {hook} lines are not UTF-8")))
}

/// Returns the lines that git would pass, from the variables of the pre-commit framework.
fn framework(repository: &Repository) -> Result<Option<String>, CommandError> {
    let branches = variable("PRE_COMMIT_LOCAL_BRANCH").zip(variable("PRE_COMMIT_REMOTE_BRANCH"));
    let Some((local, remote)) = branches else { return Ok(None) };
    let head = variable("PRE_COMMIT_TO_REF").unwrap_or_else(|| local.clone());
    let head = base::commit(repository, &head)?.to_string();
    // Without a start, the whole branch is pushed.
    let base = variable("PRE_COMMIT_FROM_REF").map(|base| repository.resolve(&base)).transpose()?;
    let base = base.flatten().map_or_else(|| "0".repeat(head.len()), |base| base.to_string());
    Ok(Some(format!("{local} {head} {remote} {base}\n")))
}
