//! `id-guard ci`: everything the Action does, so that it can run locally: fetch, check or record, report.

mod fetch;
mod full_audit;
mod github;
mod inputs;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use diagnostic::{Level, Report, Status};
use engine::RunKind;
use repo::Repository;
use snapshot::ObjectId;

use crate::arguments::{
    CheckArguments, CiArguments, CiCommandArgument, Common, FailOnArgument, PostMergeArguments,
};
use crate::error::CommandError;
use crate::event::{self, Event};
use crate::guard::check::{MAX_EVENT_BYTES, check_change, read_event};
use crate::guard::post_merge;
use crate::merged::{MergedRequest, MergedState, add_state};
use crate::release::pack::{Packed, pack, private_tags};
use crate::session::Session;
use crate::{environment, remote};
use fetch::{Fetch, Missing};
use inputs::Inputs;

pub(crate) fn run(arguments: &CiArguments) -> ExitCode {
    if let (Some(server), Some(token)) =
        (environment::variable("GITHUB_SERVER_URL"), environment::variable("INPUT_TOKEN"))
    {
        repo::send_token(&server, &token);
    }
    let opened = Inputs::read(arguments)
        .and_then(|inputs| Session::open_and_fetch(&arguments.place.repo).map(|session| (inputs, session)));
    let (inputs, mut session) = match opened {
        Ok(opened) => opened,
        Err(error) => return report::report(arguments, None, None, error.into_report("ci")),
    };
    match inputs.command {
        CiCommandArgument::PostMerge => record(&mut session, arguments, &inputs),
        CiCommandArgument::Release => release(&mut session, arguments, &inputs),
        CiCommandArgument::Check | CiCommandArgument::Audit => {
            let report = check_event(&mut session, arguments, &inputs);
            let report = report.unwrap_or_else(|error| error.into_report("ci"));
            let report = raise_warnings(report, inputs.fail_on);
            report::report(arguments, Some(&inputs), Some(&session), report)
        }
    }
}

/// What a run checks.
enum CiTarget {
    /// The change of an event.
    Change(Box<Event>),
    /// The full history, every artifact, the ledger and the tags.
    FullHistory,
    /// The commit that is checked out, for an event without a change: compared with the base branch if it is not part of it.
    Scheduled,
    /// The base and head of the inputs, or the commit that is checked out.
    Named,
}

fn target(inputs: &Inputs) -> Result<CiTarget, CommandError> {
    if inputs.command == CiCommandArgument::Audit {
        return Ok(CiTarget::FullHistory);
    }
    // With both base and head given, the event is not read.
    let event = inputs.event.as_ref().filter(|_| inputs.head.is_none());
    let Some((file, name)) = event else { return Ok(CiTarget::Named) };
    if event::names_change(name) {
        let mut event = read_event(file, name)?;
        if let (Some(branch), Some(pushed)) = (&inputs.branch, &event.pushed) {
            event.mainline = *pushed == format!("refs/heads/{branch}");
        }
        return Ok(CiTarget::Change(Box::new(event)));
    }
    match (event::is_without_change(name), &inputs.base) {
        (_, Some(_)) => Ok(CiTarget::Named),
        (true, None) => Ok(CiTarget::Scheduled),
        // The commit that is checked out is unrelated to such an event.
        (false, None) => Err(CommandError::failed_with(
            format!("the event `{name}` describes no change to check"),
            "run the gate on pull_request, merge_group or push; or pass base and head",
        )),
    }
}

/// Checks the target of the event; a shallow clone is deepened step by step, within a limit.
fn check_event(
    session: &mut Session,
    arguments: &CiArguments,
    inputs: &Inputs,
) -> Result<Report, CommandError> {
    let target = target(inputs)?;
    let event = if let CiTarget::Change(event) = &target { Some(event.as_ref()) } else { None };
    let remote = arguments.remote.as_str();
    // The input `base` is a branch of the remote if it has one: anyone can push a tag of that name.
    let named = match (&inputs.base, &target) {
        (Some(name), _) if is_branch(session, remote, name)? => Some(name.clone()),
        (None, CiTarget::Scheduled) => mainline(session, remote, inputs)?,
        _ => None,
    };
    let base = named.as_ref().map(|name| remote::tracking(remote, name)).or_else(|| inputs.base.clone());
    let mut fetch = Fetch::new(remote, event, inputs, named);
    let mut missing = fetch.run(session, None)?;
    let mut depths = fetch::DEPTHS.iter();
    loop {
        session.refresh()?;
        let whole = match &target {
            CiTarget::FullHistory => Some(inputs.head.clone().unwrap_or_else(|| "HEAD".into())),
            CiTarget::Scheduled => is_ancestor(session, base.as_deref())?.then(|| "HEAD".into()),
            CiTarget::Change(event) if inputs.base.is_none() && is_new_mainline(session, event) => {
                Some(event.head.to_string())
            }
            CiTarget::Change(_) | CiTarget::Named => None,
        };
        let result = match (missing, whole) {
            (Missing::Commit(error), _) => Err(error),
            (Missing::Nothing, Some(head)) => full_audit::audit(session, arguments, &head),
            (Missing::Nothing, None) => check(session, arguments, inputs, base.as_deref(), event),
        };
        let is_shallow = !session.shallow_boundary()?.is_empty();
        let has_failed = result.as_ref().map_or(true, |report| !report.errors.is_empty());
        if !has_failed || !is_shallow {
            return result.map(|report| with_notes(report, &fetch, session, event));
        }
        // A missing commit of a shallow clone may exist below its boundary.
        let Some(depth) = depths.next() else { return Err(too_shallow(result)) };
        missing = fetch.run(session, Some(*depth))?;
    }
}

/// Returns whether a name is that of a branch of the remote.
fn is_branch(repository: &Repository, remote: &str, name: &str) -> Result<bool, CommandError> {
    if !artifact::tag::is_tag_name(name) || !remote::exists(repository, remote)? {
        return Ok(false);
    }
    remote::has_branch(repository, remote, name)
}

/// Returns the base branch for an event without a change: the input, the event's default branch, or the remote's.
fn mainline(repository: &Repository, remote: &str, inputs: &Inputs) -> Result<Option<String>, CommandError> {
    if !remote::exists(repository, remote)? {
        return Ok(None);
    }
    let of_event = || {
        let (file, _) = inputs.event.as_ref()?;
        event::default_branch(&repo::disk::read(file, MAX_EVENT_BYTES).ok()??)
    };
    match inputs.branch.clone().or_else(of_event) {
        Some(branch) => Ok(Some(branch)),
        None => remote::default_branch(repository, remote),
    }
}

/// Returns whether the commit that is checked out is part of the base; without a base it is.
fn is_ancestor(repository: &Repository, base: Option<&str>) -> Result<bool, CommandError> {
    let Some(base) = base else { return Ok(true) };
    let base = crate::base::commit(repository, base)?;
    let head = crate::base::commit(repository, "HEAD")?;
    // Commits that cannot be compared yet are not part of it.
    Ok(repo::is_ancestor(repository.objects(), head, base).unwrap_or(false))
}

/// Returns whether a base branch was pushed without a previous commit to compare with: it is new, or was rewritten. Its full history is audited.
fn is_new_mainline(repository: &Repository, event: &Event) -> bool {
    let previous = event.base.filter(|base| repository.objects().contains(*base));
    event.mainline && previous.is_none() && (event.base.is_none() || event.forced)
}

/// Reports that a clone is still too shallow, followed by the errors of the check.
fn too_shallow(result: Result<Report, CommandError>) -> CommandError {
    let deepest = fetch::DEPTHS.last().copied().unwrap_or_default();
    let error = CommandError::failed_with(
        format!("the clone is shallow, and {deepest} commits of history were not enough"),
        "clone the full history: `fetch-depth: 0` of actions/checkout",
    );
    error.followed_by(result.map_or_else(CommandError::into_errors, |report| report.errors))
}

fn with_notes(mut report: Report, fetch: &Fetch, repository: &Repository, event: Option<&Event>) -> Report {
    report.messages.extend(fetch.notes.iter().cloned());
    report.messages.extend(event.and_then(|event| fetch::moved_on(repository, event)));
    report
}

fn check(
    session: &Session,
    arguments: &CiArguments,
    inputs: &Inputs,
    base: Option<&str>,
    event: Option<&Event>,
) -> Result<Report, CommandError> {
    // Another base than the event's does not change the head: that of the event, not the commit that is checked out.
    let head = inputs.head.clone().or_else(|| base.and(event).map(|event| event.head.to_string()));
    let arguments = CheckArguments {
        base: base.map(String::from),
        head: head.unwrap_or_else(|| "HEAD".into()),
        given: event.filter(|_| base.is_none()).cloned().map(Box::new),
        remote: Some(arguments.remote.clone()),
        policy_from: inputs.policy_from.as_ref().map(|name| remote::tracking(&arguments.remote, name)),
        per_commit: inputs.per_commit,
        ..CheckArguments::of(Common::at(&arguments.place.repo))
    };
    let mut report = check_change(session, &arguments)?;
    if let Some(event) = event.filter(|_| base.is_none()) {
        add_state(&mut report, recorded(session, event)?);
    }
    Ok(report)
}

/// Checks what the main branch lacked before a push, or lacks beside a change, which is not blamed for it.
fn recorded(session: &Session, event: &Event) -> Result<MergedState, CommandError> {
    let request = |head| MergedRequest { repository: session, head, policy: None, rules: rules::ALL };
    let is_here = |id: &ObjectId| session.objects().contains(*id);
    if !request(event.head).has_record()? {
        return Ok(MergedState::default());
    }
    match (event.mainline, event.base.filter(is_here)) {
        // The push itself is recorded by the post-merge job, which may still run.
        (true, Some(before)) => request(before).check_before_push(),
        (true, None) => Ok(MergedState::default()),
        (false, _) => {
            let mut state = request(event.head).check_record()?;
            state.findings.iter_mut().for_each(|finding| finding.level = finding.level.min(Level::Warn));
            Ok(state)
        }
    }
}

/// Raises warnings to errors for `--fail-on warn`, so that every format agrees with the exit status.
fn raise_warnings(mut report: Report, fail_on: FailOnArgument) -> Report {
    if fail_on == FailOnArgument::Warn {
        // A change is not blamed for what the main branch lacks; an audit reports that as an error.
        let is_of_record = |finding: &diagnostic::Diagnostic| {
            let rule = rules::find(finding.rule.id.code);
            finding.status == Status::Existing && rule.is_some_and(|rule| rule.runs_in(RunKind::Recorded))
        };
        for finding in report.findings.iter_mut() {
            if finding.level == Level::Warn && !is_of_record(finding) {
                finding.level = Level::Deny;
            }
        }
        report.findings.sort_by(diagnostic::Diagnostic::order);
    }
    report
}

/// Records merged changes.
fn record(session: &mut Session, arguments: &CiArguments, inputs: &Inputs) -> ExitCode {
    let request = PostMergeArguments {
        remote: arguments.remote.clone(),
        branch: inputs.branch.clone(),
        writer: inputs.writer,
        dry_run: arguments.dry_run,
        ..PostMergeArguments::at(&arguments.place.repo)
    };
    let (_, mut outcome) = post_merge::execute(session, &request);
    if let Ok(outcome) = outcome.as_mut()
        && environment::is_read_by_a_runner()
        && !arguments.dry_run
    {
        // The record is published already; a follow-up that fails is reported, and is not a success.
        match github::follow_up(session, inputs.writer, outcome) {
            Ok(text) => outcome.text += &text,
            Err(error) => outcome.fail(error.message()),
        }
    }
    report::recorded(session, arguments, inputs, outcome)
}

/// Refuses tags that do not match the ledger at the remote.
fn refuse_wrong_tags(
    repository: &Repository,
    arguments: &CiArguments,
    rev: &str,
    tags: &[String],
) -> Result<(), CommandError> {
    if !remote::exists(repository, &arguments.remote)? {
        return Ok(());
    }
    let commit = repository.commit(crate::base::commit(repository, rev)?)?;
    let record = registry::tags::recorded(&ledger::files::InSnapshot(&commit))?;
    let there = crate::tag::remote(repository, &arguments.remote, &record)?;
    let wrong = tags
        .iter()
        .find(|name| record.tags.get(*name).is_some_and(|tag| tag.verify(there.get(*name)).is_some()));
    match wrong {
        None => Ok(()),
        Some(name) => Err(CommandError::refused(
            format!("tag {name} at {} does not match the ledger", arguments.remote),
            format!("nothing was released; compare them: id-tag verify --remote {}", arguments.remote),
        )),
    }
}

/// Packs tagged versions; on a runner, publishes them.
fn release(session: &mut Session, arguments: &CiArguments, inputs: &Inputs) -> ExitCode {
    let packed = release_tags(session, arguments, inputs);
    report::released(session, arguments, inputs, packed)
}

/// The directory of the packages, the packages, and a line about each step.
type Released = (PathBuf, Vec<Packed>, String);

fn release_tags(
    session: &mut Session,
    arguments: &CiArguments,
    inputs: &Inputs,
) -> Result<Released, CommandError> {
    let out = report::directory(arguments)?.unwrap_or_else(|| PathBuf::from("dist"));
    // The ledger of the base branch decides what is released, whatever is checked out.
    let head = match mainline(session, &arguments.remote, inputs)? {
        None => inputs.head.clone().unwrap_or_else(|| "HEAD".into()),
        Some(branch) => {
            let mut fetch = Fetch::new(&arguments.remote, None, inputs, Some(branch.clone()));
            if let Missing::Commit(error) = fetch.run(session, None)? {
                return Err(error);
            }
            session.refresh()?;
            remote::tracking(&arguments.remote, &branch)
        }
    };
    let rev = full_audit::find_ledger(session, arguments, &head)?.unwrap_or(head);
    refuse_wrong_tags(session, arguments, &rev, &inputs.tags)?;
    let mut text = String::new();
    // A private plugin stays in the repository: its tag does not fail the run.
    let commit = session.commit(crate::base::commit(session, &rev)?)?;
    let private = private_tags(&commit, &inputs.tags)?;
    private.iter().for_each(|tag| text += &format!("{tag} is of a private plugin: not released\n"));
    let tags: Vec<String> = inputs.tags.iter().filter(|tag| !private.contains(tag)).cloned().collect();
    let packed = pack(session, &rev, &tags, &out)?;
    for packed in &packed {
        text += &format!("packed {}\n", packed.tag);
        if environment::is_read_by_a_runner() && !arguments.dry_run {
            let is_new = github::publish(session, packed)?;
            text += &format!("{} {}\n", if is_new { "released" } else { "already released:" }, packed.tag);
        }
    }
    Ok((out, packed, text))
}
