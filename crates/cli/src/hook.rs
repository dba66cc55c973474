//! `id-guard hook`: what git's hooks call, by themselves or through a manager of hooks (pre-commit, lefthook, husky).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diagnostic::{NoVerdict, Report};

use crate::arguments::{
    AuditArguments, CheckArguments, Common, HookArguments, HookCommand, StructureArguments,
};
use crate::environment::variable;
use crate::run::{Judging, judge_audit, judge_check, no_verdict, one, open, plain};
use crate::{environment, output, structure};

pub(crate) fn run(command: &HookCommand) -> ExitCode {
    let report = match command {
        HookCommand::PreCommit(_) => pre_commit(),
        HookCommand::PrePush(arguments) => pre_push(arguments),
    };
    let report = report.unwrap_or_else(|errors| no_verdict("check", errors));
    // A hook that has nothing to say is silent.
    let common = Common { quiet: true, color: crate::arguments::ColorArgument::Auto, ..here() };
    output::finish("id-guard", &common, report)
}

fn here() -> Common {
    Common::at(Path::new("."))
}

/// Judges the index, as git is about to commit it.
fn pre_commit() -> Result<Report, Vec<NoVerdict>> {
    if open(Path::new("."))?.resolve("HEAD").map_err(one)?.is_none() {
        // The first commit changes nothing: it is judged as it stands.
        return structure::judge(&StructureArguments { staged: true, ..StructureArguments::of(here()) });
    }
    judged(&CheckArguments {
        staged: true,
        // `git commit -a` and `git commit PATH` commit another index than the repository's (githooks(5)).
        index: variable("GIT_INDEX_FILE").map(PathBuf::from),
        ..CheckArguments::of(here())
    })
}

/// Judges what is pushed.
fn pre_push(arguments: &HookArguments) -> Result<Report, Vec<NoVerdict>> {
    let lines = match framework() {
        Some(lines) => lines,
        None => {
            let bytes = environment::input();
            let bytes =
                bytes.map_err(|error| vec![plain(format!("standard input cannot be read: {error}"))])?;
            String::from_utf8(bytes).map_err(|_| vec![plain("the pre-push lines are not UTF-8".into())])?
        }
    };
    let remote = arguments.given.first().cloned().or_else(|| variable("PRE_COMMIT_REMOTE_NAME"));
    if let Some(head) = first_push(&lines, remote.as_deref())? {
        return judge_audit(&AuditArguments { head, ..AuditArguments::of(here()) }, &[]);
    }
    judged(&CheckArguments { pre_push: true, pushed_lines: Some(lines), ..CheckArguments::of(here()) })
}

/// The lines that git would have given, from what the pre-commit framework tells instead.
fn framework() -> Option<String> {
    let (local, remote) = (variable("PRE_COMMIT_LOCAL_BRANCH")?, variable("PRE_COMMIT_REMOTE_BRANCH")?);
    let head = variable("PRE_COMMIT_TO_REF").unwrap_or_else(|| local.clone());
    // Without a place to start from, everything is pushed.
    let base = variable("PRE_COMMIT_FROM_REF").unwrap_or_default();
    let id = |name: &str| {
        let found = open(Path::new(".")).ok()?.resolve(name).ok()??;
        Some(found.to_string())
    };
    let head = id(&head)?;
    let zero = "0".repeat(head.len());
    let base = id(&base).unwrap_or(zero);
    Some(format!("{local} {head} {remote} {base}\n"))
}

/// A push to a remote of which nothing is known yet changes nothing: its history is judged. Returns its head.
fn first_push(lines: &str, remote: Option<&str>) -> Result<Option<String>, Vec<NoVerdict>> {
    let is_zero = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte == b'0');
    let pushed: Vec<[&str; 4]> = lines
        .lines()
        .filter_map(|line| <[&str; 4]>::try_from(line.split(' ').collect::<Vec<_>>()).ok())
        .filter(|[_, local, _, _]| !is_zero(local))
        .collect();
    let repository = open(Path::new("."))?;
    let unknown = match remote {
        Some(remote) => !repository.has_references(&format!("refs/remotes/{remote}/")).map_err(one)?,
        None => false,
    };
    let all_new = pushed.iter().all(|[_, _, _, there]| is_zero(there));
    Ok(pushed.first().filter(|_| unknown && all_new).map(|[_, local, _, _]| (*local).to_string()))
}

fn judged(arguments: &CheckArguments) -> Result<Report, Vec<NoVerdict>> {
    match judge_check(arguments, &[])? {
        Judging::Report(report) => Ok(*report),
        Judging::Explained(_) => Err(vec![plain("nothing was judged".into())]),
    }
}
