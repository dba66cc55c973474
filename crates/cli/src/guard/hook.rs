//! `id-guard hook`: what git's hooks call, by themselves or through a manager of hooks (pre-commit, lefthook, husky).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diagnostic::{CheckError, Report};

use crate::arguments::{CheckArguments, Common, HookArguments, HookCommand, StructureArguments};
use crate::environment::variable;
use crate::guard::check::judged;
use crate::session::{failed_report, one, open, plain};
use crate::{base, environment, output, structure};

pub(crate) fn run(command: &HookCommand) -> ExitCode {
    let report = match command {
        HookCommand::PreCommit(_) => pre_commit(),
        HookCommand::PrePush(arguments) => pre_push(arguments),
    };
    let report = report.unwrap_or_else(|errors| failed_report("check", errors));
    // A hook that has nothing to say is silent.
    let common = Common { quiet: true, color: crate::arguments::ColorArgument::Auto, ..here() };
    output::finish("id-guard", &common, rules::ALL, report)
}

fn here() -> Common {
    Common::at(Path::new("."))
}

/// Judges the index, as git is about to commit it.
fn pre_commit() -> Result<Report, Vec<CheckError>> {
    // `git commit -a` and `git commit PATH` commit another index than the repository's (githooks(5)).
    let index = variable("GIT_INDEX_FILE").map(PathBuf::from);
    if open(Path::new("."))?.resolve("HEAD").map_err(one)?.is_none() {
        // The first commit changes nothing: it is judged as it stands.
        return structure::judge(&StructureArguments {
            staged: true,
            index,
            ..StructureArguments::of(here())
        });
    }
    judged(&CheckArguments { staged: true, index, ..CheckArguments::of(here()) })
}

/// Judges what is pushed.
fn pre_push(arguments: &HookArguments) -> Result<Report, Vec<CheckError>> {
    let lines = match framework()? {
        Some(lines) => lines,
        None => {
            let bytes = environment::input();
            let bytes =
                bytes.map_err(|error| vec![plain(format!("standard input cannot be read: {error}"))])?;
            String::from_utf8(bytes).map_err(|_| vec![plain("the pre-push lines are not UTF-8".into())])?
        }
    };
    let remote = arguments.given.first().cloned().or_else(|| variable("PRE_COMMIT_REMOTE_NAME"));
    judged(&CheckArguments {
        pre_push: true,
        pushed_lines: Some(lines),
        remote,
        ..CheckArguments::of(here())
    })
}

/// The lines that git would have given, from what the pre-commit framework tells instead.
fn framework() -> Result<Option<String>, Vec<CheckError>> {
    let told = variable("PRE_COMMIT_LOCAL_BRANCH").zip(variable("PRE_COMMIT_REMOTE_BRANCH"));
    let Some((local, remote)) = told else { return Ok(None) };
    let repository = open(Path::new("."))?;
    let head = variable("PRE_COMMIT_TO_REF").unwrap_or_else(|| local.clone());
    let head = base::commit(&repository, &head).map_err(|error| vec![error])?.to_string();
    // Without a place to start from, everything is pushed.
    let base =
        variable("PRE_COMMIT_FROM_REF").map(|base| repository.resolve(&base).map_err(one)).transpose()?;
    let base = base.flatten().map_or_else(|| "0".repeat(head.len()), |base| base.to_string());
    Ok(Some(format!("{local} {head} {remote} {base}\n")))
}
