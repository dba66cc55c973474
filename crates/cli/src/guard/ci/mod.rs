//! `id-guard ci`: all that the Action does, so that it can be run at a desk: fetch what the event names, judge or record it, tell of it.

mod fetch;
mod full_audit;
mod github;
mod inputs;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use diagnostic::{CheckError, Level, Report, Verdict};
use repo::Repository;

use crate::arguments::{
    CheckArguments, CiArguments, CiCommandArgument, Common, FailOnArgument, PostMergeArguments,
};
use crate::error::CommandError;
use crate::event::{self, Event};
use crate::guard::check::{judged, read_event};
use crate::guard::post_merge;
use crate::release::pack::{Packed, pack};
use crate::session::{failed_report, open};
use crate::{environment, remote};
use fetch::{Fetch, Missing};
use inputs::Inputs;

pub(crate) fn run(arguments: &CiArguments) -> ExitCode {
    if let (Some(server), Some(token)) =
        (environment::variable("GITHUB_SERVER_URL"), environment::variable("INPUT_TOKEN"))
    {
        repo::send_token(&server, &token);
    }
    let inputs = match Inputs::read(arguments) {
        Ok(inputs) => inputs,
        Err(error) => return report::report(arguments, None, failed_report("ci", vec![error])),
    };
    match inputs.command {
        CiCommandArgument::PostMerge => return record(arguments, &inputs),
        CiCommandArgument::Release => return release(arguments, &inputs),
        CiCommandArgument::Check | CiCommandArgument::Audit => {}
    }
    let report = judge(arguments, &inputs).unwrap_or_else(|errors| failed_report("ci", errors));
    report::report(arguments, Some(&inputs), of_level(report, inputs.fail_on))
}

/// What a run is about.
enum Aim {
    /// The change that an event names.
    Change(Event),
    /// What was named, or is checked out.
    Named,
    /// How what is checked out stands: against the mainline, where it is not part of it.
    Standing,
    /// Everything.
    Whole,
}

fn aim(inputs: &Inputs) -> Result<Aim, CheckError> {
    if inputs.command == CiCommandArgument::Audit {
        return Ok(Aim::Whole);
    }
    // Where both ends are named, neither is looked for in the event.
    let event = inputs.event.as_ref().filter(|_| inputs.head.is_none());
    let Some((file, name)) = event else { return Ok(Aim::Named) };
    if event::names_change(name) {
        let mut event = read_event(file, name)?;
        if let (Some(branch), Some(pushed)) = (&inputs.branch, &event.pushed) {
            event.mainline = *pushed == format!("refs/heads/{branch}");
        }
        return Ok(Aim::Change(event));
    }
    match (event::asks_how_it_stands(name), &inputs.base) {
        (_, Some(_)) => Ok(Aim::Named),
        (true, None) => Ok(Aim::Standing),
        // What is checked out then is not what the event is about.
        (false, None) => Err(CheckError {
            message: format!("the event `{name}` names no change that could be judged"),
            help: Some("run the gate on pull_request, merge_group or push; or name base and head".into()),
            location: None,
        }),
    }
}

/// Judges what the event names, deepening a shallow clone as far as it takes, and no further than is reasonable.
fn judge(arguments: &CiArguments, inputs: &Inputs) -> Result<Report, Vec<CheckError>> {
    let aim = aim(inputs).map_err(|error| vec![error])?;
    let event = if let Aim::Change(event) = &aim { Some(event) } else { None };
    let mut repository = open(&arguments.place.repo)?;
    let remote = arguments.remote.as_str();
    // What is named as the base is a branch of the remote, if it has one: a tag of that name is anybody's.
    let named = match (&inputs.base, &aim) {
        (Some(name), _) if is_branch(&repository, remote, name)? => Some(name.clone()),
        (None, Aim::Standing) => mainline(&repository, remote, inputs)?,
        _ => None,
    };
    let base = named.as_ref().map(|name| remote::tracking(remote, name)).or_else(|| inputs.base.clone());
    let mut fetch = Fetch::new(remote, event, inputs, named);
    let mut missing = fetch.run(&repository, None)?;
    let mut depths = fetch::DEPTHS.iter();
    loop {
        // What was fetched lies in packs that were not there when the repository was opened.
        repository = open(&arguments.place.repo)?;
        let whole = match &aim {
            Aim::Whole => Some(inputs.head.clone().unwrap_or_else(|| "HEAD".into())),
            Aim::Standing => is_ancestor(&repository, base.as_deref())?.then(|| "HEAD".into()),
            Aim::Change(event) if inputs.base.is_none() && begins(&repository, event) => {
                Some(event.head.to_string())
            }
            Aim::Change(_) | Aim::Named => None,
        };
        let judged = match (missing, whole) {
            (Missing::This(error), _) => Err(vec![error]),
            (Missing::Nothing, Some(head)) => full_audit::audit(arguments, &head),
            (Missing::Nothing, None) => check(arguments, inputs, base.as_deref(), event),
        };
        let is_shallow = !repository.shallow_boundary().map_err(crate::session::one)?.is_empty();
        let failed = match &judged {
            Ok(report) => !report.errors.is_empty(),
            Err(_) => true,
        };
        if !failed || !is_shallow {
            return judged.map(|report| with_notes(report, &fetch, &repository, event));
        }
        // Of a shallow clone, what is not there may only lie deeper.
        let Some(depth) = depths.next() else {
            return Err(too_shallow(judged));
        };
        missing = fetch.run(&repository, Some(*depth))?;
    }
}

/// Tells whether a name is that of a branch of the remote.
fn is_branch(repository: &Repository, remote: &str, name: &str) -> Result<bool, Vec<CheckError>> {
    if !artifact::tag::is_tag_name(name) || !remote::is_there(repository, remote)? {
        return Ok(false);
    }
    remote::has_branch(repository, remote, name).map_err(|refusal| vec![refusal.into()])
}

/// The mainline, for an event that names no change: the one that was named, the event's, the remote's.
fn mainline(
    repository: &Repository,
    remote: &str,
    inputs: &Inputs,
) -> Result<Option<String>, Vec<CheckError>> {
    if !remote::is_there(repository, remote)? {
        return Ok(None);
    }
    let of_event = || {
        let (file, _) = inputs.event.as_ref()?;
        event::default_branch(&repo::disk::read(file, crate::guard::check::LARGEST_EVENT).ok()??)
    };
    let known = inputs.branch.clone().or_else(of_event);
    match known {
        Some(branch) => Ok(Some(branch)),
        None => remote::default_branch(repository, remote).map_err(|refusal| vec![refusal.into()]),
    }
}

/// Tells whether what is checked out is part of a base; where there is none, it stands for itself.
fn is_ancestor(repository: &Repository, base: Option<&str>) -> Result<bool, Vec<CheckError>> {
    let Some(base) = base else { return Ok(true) };
    let commit = |name| crate::base::commit(repository, name).map_err(|error| vec![error]);
    let (base, head) = (commit(base)?, commit("HEAD")?);
    // What cannot be compared yet is not part of it.
    Ok(repo::is_ancestor(repository.objects(), head, base).unwrap_or(false))
}

/// Tells whether a mainline was pushed of which nothing is left to compare with: it is new, or what stood before it is gone. It is judged whole.
fn begins(repository: &Repository, event: &Event) -> bool {
    let stood = event.base.filter(|base| repository.objects().contains(*base));
    event.mainline && stood.is_none() && (event.base.is_none() || event.forced)
}

/// Says that a clone is still too shallow, and what stood in the way.
fn too_shallow(judged: Result<Report, Vec<CheckError>>) -> Vec<CheckError> {
    let deepest = fetch::DEPTHS.last().copied().unwrap_or_default();
    let mut errors = vec![CheckError {
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
) -> Result<Report, Vec<CheckError>> {
    // Another base than the event's: what is judged against it is still what the event brings, and not what is checked out.
    let head = inputs.head.clone().or_else(|| base.and(event).map(|event| event.head.to_string()));
    let wanted = CheckArguments {
        base: base.map(String::from),
        head: head.unwrap_or_else(|| "HEAD".into()),
        given: event.filter(|_| base.is_none()).cloned().map(Box::new),
        remote: Some(arguments.remote.clone()),
        policy_from: inputs.policy_from.as_ref().map(|name| remote::tracking(&arguments.remote, name)),
        per_commit: inputs.per_commit,
        ..CheckArguments::of(Common::at(&arguments.place.repo))
    };
    judged(&wanted)
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
        ..PostMergeArguments::at(&arguments.place.repo)
    };
    let (_, mut done) = post_merge::carry_out(&wanted);
    if let Ok(done) = done.as_mut()
        && environment::is_read_by_a_runner()
        && !arguments.dry_run
    {
        // What was recorded stands; that nothing follows from it is told, and is no success.
        match open(&arguments.place.repo)
            .map_err(CommandError::from)
            .and_then(|repository| github::follow_up(&repository, inputs.writer, done))
        {
            Ok(told) => done.told += &told,
            Err(refusal) => done.fail(refusal.message()),
        }
    }
    report::recorded(arguments, inputs, done)
}

/// Refuses tags that are not at the remote what the ledger tells of.
fn hold_tags(arguments: &CiArguments, rev: &str, tags: &[String]) -> Result<(), CommandError> {
    let repository = open(&arguments.place.repo)?;
    if !remote::is_there(&repository, &arguments.remote)? {
        return Ok(());
    }
    let commit = repository.commit(crate::base::commit(&repository, rev)?)?;
    let record = registry::tags::recorded(&ledger::files::InSnapshot(&commit))?;
    let there = crate::tag::remote(&repository, &arguments.remote, &record)?;
    let wrong = tags
        .iter()
        .find(|name| record.tags.get(*name).is_some_and(|tag| tag.verify(there.get(*name)).is_some()));
    match wrong {
        None => Ok(()),
        Some(name) => Err(CommandError::Gate {
            message: format!("the tag {name} is not at {} what the ledger tells of", arguments.remote),
            help: "id-tag verify --remote tells what it is; nothing was released".into(),
        }),
    }
}

/// Packs what was tagged, and publishes it where a runner asks.
fn release(arguments: &CiArguments, inputs: &Inputs) -> ExitCode {
    let packed = || -> Result<(PathBuf, Vec<Packed>, String), CommandError> {
        let out = report::folder(arguments)?.unwrap_or_else(|| PathBuf::from("dist"));
        let repository = open(&arguments.place.repo)?;
        // What is released is what the mainline's ledger tells of, whatever is checked out.
        let head = match mainline(&repository, &arguments.remote, inputs)? {
            None => inputs.head.clone().unwrap_or_else(|| "HEAD".into()),
            Some(branch) => {
                let mut fetch = Fetch::new(&arguments.remote, None, inputs, Some(branch.clone()));
                if let Missing::This(error) = fetch.run(&repository, None)? {
                    return Err(error.into());
                }
                remote::tracking(&arguments.remote, &branch)
            }
        };
        let rev = full_audit::ledger_at(arguments, &head)?.unwrap_or(head);
        hold_tags(arguments, &rev, &inputs.tags)?;
        let packed = pack(&arguments.place.repo, &rev, &inputs.tags, &out)?;
        let mut told = String::new();
        for packed in &packed {
            told += &format!("packed {}\n", packed.tag);
            if environment::is_read_by_a_runner() && !arguments.dry_run {
                let news = github::publish(&open(&arguments.place.repo)?, packed)?;
                told += &format!("{} {}\n", if news { "released" } else { "stands already:" }, packed.tag);
            }
        }
        Ok((out, packed, told))
    };
    report::released(arguments, inputs, packed())
}
