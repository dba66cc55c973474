//! `id-guard ci`: all that the Action does, so that it can be run at a desk: fetch what the event names, judge or record it, tell of it.

mod fetch;
mod forge;
mod inputs;
mod tell;
mod whole;

use std::path::PathBuf;
use std::process::ExitCode;

use diagnostic::{Level, NoVerdict, Report, Verdict};
use repo::Repository;

use crate::arguments::{
    CheckArguments, CiArguments, CiCommandArgument, Common, FailOnArgument, PostMergeArguments,
};
use crate::event::{self, Event};
use crate::refusal::Refusal;
use crate::release::pack::{Packed, pack};
use crate::run::{Judging, judge_check, no_verdict, open, plain, read_event};
use crate::{environment, post_merge};
use fetch::{Fetch, Missing};
use inputs::Inputs;

pub(crate) fn run(arguments: &CiArguments) -> ExitCode {
    if let (Some(server), Some(token)) =
        (environment::variable("GITHUB_SERVER_URL"), environment::variable("INPUT_TOKEN"))
    {
        repo::show_token(&server, &token);
    }
    let inputs = match Inputs::read(arguments) {
        Ok(inputs) => inputs,
        Err(error) => return tell::report(arguments, None, no_verdict("ci", vec![error])),
    };
    match inputs.command {
        CiCommandArgument::PostMerge => return record(arguments, &inputs),
        CiCommandArgument::Release => return release(arguments, &inputs),
        CiCommandArgument::Check | CiCommandArgument::Audit => {}
    }
    let report = judge(arguments, &inputs).unwrap_or_else(|errors| no_verdict("ci", errors));
    tell::report(arguments, Some(&inputs), of_level(report, inputs.fail_on))
}

/// Judges what the event names, deepening a shallow clone as far as it takes, and no further than is reasonable.
fn judge(arguments: &CiArguments, inputs: &Inputs) -> Result<Report, Vec<NoVerdict>> {
    let event = match &inputs.event {
        // Where both ends are named, neither is looked for in the event.
        Some((file, name))
            if inputs.head.is_none()
                && inputs.command == CiCommandArgument::Check
                && event::names_change(name) =>
        {
            Some(read_event(file, name).map_err(|error| vec![error])?)
        }
        _ => None,
    };
    let changed = event.is_some() || inputs.base.is_some();
    let mut whole = inputs.command == CiCommandArgument::Audit
        || !changed && inputs.head.is_none() && inputs.event.is_some();
    let mut repository = open(&arguments.repo)?;
    // A checkout of CI has one branch: what was named as the base is often one that only the remote has.
    let named = inputs.base.clone().filter(|name| {
        artifact::tag::is_tag_name(name) && repository.resolve(name).is_ok_and(|found| found.is_none())
    });
    let base = match &named {
        Some(name) => Some(fetch::tracking(&arguments.remote, name)),
        None => inputs.base.clone(),
    };
    let mut fetch = Fetch::new(&arguments.remote, event.as_ref(), inputs, named);
    let mut missing = fetch.run(&repository, None)?;
    let mut depths = fetch::DEPTHS.iter();
    let mut head = inputs.head.clone();
    loop {
        // What was fetched lies in packs that were not there when the repository was opened.
        repository = open(&arguments.repo)?;
        if let Some(begun) =
            event.as_ref().filter(|event| begins(&repository, event) && inputs.base.is_none())
        {
            whole = true;
            head = Some(begun.head.to_string());
        }
        let judged = match missing {
            Missing::Nothing if whole => whole::audit(arguments, head.as_deref().unwrap_or("HEAD")),
            Missing::Nothing => check(arguments, inputs, base.as_deref(), event.as_ref()),
            Missing::This(error) => Err(vec![error]),
        };
        let is_shallow = !repository.shallow_boundary().map_err(crate::run::one)?.is_empty();
        let failed = match &judged {
            Ok(report) => !report.errors.is_empty(),
            Err(_) => true,
        };
        if !failed || !is_shallow {
            return judged.map(|report| with_notes(report, &fetch, &repository, event.as_ref()));
        }
        // Of a shallow clone, what is not there may only lie deeper.
        let Some(depth) = depths.next() else {
            return Err(too_shallow(judged));
        };
        missing = fetch.run(&repository, Some(*depth))?;
    }
}

/// Tells whether a mainline was pushed of which nothing is left to compare with: it is new, or what stood before it is gone. It is judged whole.
fn begins(repository: &Repository, event: &Event) -> bool {
    let stood = event.base.filter(|base| repository.objects().contains(*base));
    event.mainline && stood.is_none() && (event.base.is_none() || event.forced)
}

/// Says that a clone is still too shallow, and what stood in the way.
fn too_shallow(judged: Result<Report, Vec<NoVerdict>>) -> Vec<NoVerdict> {
    let deepest = fetch::DEPTHS.last().copied().unwrap_or_default();
    let mut errors = vec![NoVerdict {
        message: format!("the clone is shallow, and {deepest} commits of history were not enough"),
        help: Some("clone the whole history: `fetch-depth: 0` of actions/checkout".into()),
        location: None,
    }];
    errors.extend(judged.map_or_else(|errors| errors, |report| report.errors));
    errors
}

fn with_notes(mut report: Report, fetch: &Fetch, repository: &Repository, event: Option<&Event>) -> Report {
    report.messages.extend(fetch.notes.iter().cloned());
    report.messages.extend(event.and_then(|event| fetch::moved_on(repository, event)));
    report
}

fn check(
    arguments: &CiArguments,
    inputs: &Inputs,
    base: Option<&str>,
    event: Option<&Event>,
) -> Result<Report, Vec<NoVerdict>> {
    let of_event = inputs.event.as_ref().filter(|_| event.is_some() && base.is_none());
    // Another base than the event's: what is judged against it is still what the event brings, and not what is checked out.
    let head = inputs.head.clone().or_else(|| base.and(event).map(|event| event.head.to_string()));
    let wanted = CheckArguments {
        base: base.map(String::from),
        head: head.unwrap_or_else(|| "HEAD".into()),
        event: of_event.map(|(file, _)| file.clone()),
        event_name: of_event.map(|(_, name)| name.clone()),
        policy_from: inputs.policy_from.as_ref().map(|name| fetch::tracking(&arguments.remote, name)),
        per_commit: inputs.per_commit,
        ..CheckArguments::of(Common::at(&arguments.repo))
    };
    match judge_check(&wanted, &[])? {
        Judging::Report(report) => Ok(*report),
        Judging::Explained(_) => Err(vec![plain("nothing was judged".into())]),
    }
}

/// Raises warnings to what fails, where that was asked for; so every format says the same.
fn of_level(mut report: Report, fail_on: FailOnArgument) -> Report {
    if fail_on == FailOnArgument::Warn {
        for finding in report.findings.iter_mut().filter(|finding| finding.level == Level::Warn) {
            finding.level = Level::Deny;
        }
        report.findings.sort_by(diagnostic::Diagnostic::order);
    }
    report
}

/// The exit status: the verdict's, but where nothing that was judged shall fail.
fn status(verdict: Verdict, fail_on: Option<FailOnArgument>) -> ExitCode {
    match (verdict, fail_on) {
        (Verdict::Fail, Some(FailOnArgument::Never)) => ExitCode::SUCCESS,
        _ => ExitCode::from(verdict.exit_code()),
    }
}

/// Records what was merged.
fn record(arguments: &CiArguments, inputs: &Inputs) -> ExitCode {
    let wanted = PostMergeArguments {
        remote: arguments.remote.clone(),
        branch: inputs.branch.clone(),
        writer: inputs.writer,
        dry_run: arguments.dry_run,
        ..PostMergeArguments::at(&arguments.repo)
    };
    let (_, mut done) = post_merge::carry_out(&wanted);
    if let Ok(done) = done.as_mut()
        && environment::is_read_by_a_runner()
        && !arguments.dry_run
    {
        // What was recorded stands; that nothing follows from it is told, and is no success.
        match open(&arguments.repo)
            .map_err(Refusal::from)
            .and_then(|repository| forge::follow(&repository, inputs.writer, done))
        {
            Ok(told) => done.told += &told,
            Err(refusal) => done.fail(refusal.message()),
        }
    }
    tell::recorded(arguments, inputs, done)
}

/// Packs what was tagged, and publishes it where a runner asks.
fn release(arguments: &CiArguments, inputs: &Inputs) -> ExitCode {
    let packed = || -> Result<(PathBuf, Vec<Packed>, String), Refusal> {
        let out = tell::folder(arguments)?.unwrap_or_else(|| PathBuf::from("dist"));
        let rev = inputs.head.clone().unwrap_or_else(|| "HEAD".into());
        let packed = pack(&arguments.repo, &rev, &inputs.tags, &out)?;
        let mut told = String::new();
        for packed in &packed {
            told += &format!("packed {}\n", packed.tag);
            if environment::is_read_by_a_runner() && !arguments.dry_run {
                let news = forge::publish(&open(&arguments.repo)?, packed)?;
                told += &format!("{} {}\n", if news { "released" } else { "stands already:" }, packed.tag);
            }
        }
        Ok((out, packed, told))
    };
    tell::released(arguments, inputs, packed())
}
