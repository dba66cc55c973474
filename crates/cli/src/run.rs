//! From what was said to what is meant: open, resolve, judge, report.

use std::path::Path;
use std::process::ExitCode;

use diagnostic::{Level, NoVerdict, Report, Verdict};
use policy::Policy;
use repo::{Comparison, Limits, Repository, Walk};
use rules::{AuditRequest, CheckRequest, Head, audit, check, names};
use snapshot::{ObjectId, Snapshot};

use crate::arguments::{
    AuditArguments, CheckArguments, Common, Guard, GuardCommand, Immutability, ImmutabilityCommand,
};
use crate::base::{self, Pushed, Resolution, Target, Wanted, unread};
use crate::{ci, coverage, custom, doctor, environment, event, hook, init, output, plugin, post_merge, show};

/// The largest event file, in bytes; GitHub's own limit on payloads is 25 MB.
const LARGEST_EVENT: u64 = 32 << 20;
/// The largest policy file, in bytes.
const LARGEST_POLICY: u64 = 1 << 20;
/// The largest cache file, in bytes.
pub(crate) const LARGEST_CACHE: u64 = 1 << 30;

pub(crate) fn guard(arguments: Guard) -> ExitCode {
    match arguments.command {
        GuardCommand::Check(arguments) => run_check("id-guard", &arguments, &[]),
        GuardCommand::Audit(arguments) => run_audit("id-guard", &arguments, &[]),
        GuardCommand::Ci(arguments) => ci::run(&arguments),
        GuardCommand::Hook(command) => hook::run(&command),
        GuardCommand::Policy(command) => crate::policy::run(&command),
        GuardCommand::Fix(arguments) => plugin::derive::fix(&arguments),
        GuardCommand::PostMerge(arguments) => post_merge::run(&arguments),
        GuardCommand::Explain(arguments) => show::explain(&arguments.rule),
        GuardCommand::Rules(arguments) => show::rules(arguments.json),
        GuardCommand::Schema(arguments) => show::schema(arguments.name.as_deref()),
        GuardCommand::Doctor(arguments) => doctor::run(&arguments),
        GuardCommand::Init(arguments) => init::run(&arguments),
        GuardCommand::Completions(arguments) => show::completions(arguments.shell),
    }
}

/// The families that `id-immutability` leaves to `id-guard`.
const NOT_IMMUTABILITY: &[&str] =
    &["CRD", "UNI", "ONE", "STR", "SCH", "GEN", "CMP", "DOC", "CAP", "POL", "CUS"];

pub(crate) fn immutability(arguments: Immutability) -> ExitCode {
    match arguments.command {
        ImmutabilityCommand::Check(arguments) => run_check("id-immutability", &arguments, NOT_IMMUTABILITY),
        ImmutabilityCommand::Audit(arguments) => run_audit("id-immutability", &arguments, NOT_IMMUTABILITY),
    }
}

/// Turns "no verdict" into a report that says so.
pub(crate) fn no_verdict(command: &str, errors: Vec<NoVerdict>) -> Report {
    let mut report = Report { errors, ..Report::default() };
    report.judged.command = command.into();
    report
}

pub(crate) fn run_check(tool: &str, arguments: &CheckArguments, left_out: &[&str]) -> ExitCode {
    let report = match judge_check(arguments, left_out) {
        Ok(Judging::Report(report)) => *report,
        Ok(Judging::Explained(steps)) => return output::print(&steps),
        Err(errors) => no_verdict("check", errors),
    };
    output::finish(tool, &arguments.common, report)
}

pub(crate) enum Judging {
    Report(Box<Report>),
    Explained(String),
}

pub(crate) fn judge_check(arguments: &CheckArguments, left_out: &[&str]) -> Result<Judging, Vec<NoVerdict>> {
    let mut repository = open(&arguments.common.repo)?;
    if let Some(index) = &arguments.index {
        repository.judge_index(index);
    }
    let repository = repository;
    let resolution = resolve(&repository, arguments)?;
    if arguments.explain_base {
        let lines: Vec<String> =
            resolution.steps.iter().map(|step| diagnostic::sanitise::text(step)).collect();
        return Ok(Judging::Explained(lines.join("\n") + "\n"));
    }
    let mut whole = Report::default();
    whole.judged.command = "check".into();
    let policies_from = arguments.common.policy.as_deref();
    let policy_from =
        arguments.policy_from.as_deref().map(|name| base::commit(&repository, name)).transpose();
    let policy_from = policy_from.map_err(|error| vec![error])?;
    let coverage = coverage::Given::read(&repository, &arguments.coverage)?;
    let roots = coverage.roots();
    let kept = identities_file(&repository);
    let known = || rules::Index::kept(&repo::disk::read(kept.as_ref()?, LARGEST_CACHE).ok()??);
    let judge = |target: &Target, base_id: ObjectId, base_name: &str| -> Result<Report, Vec<NoVerdict>> {
        let base = repository.commit(base_id).map_err(one)?;
        let (policy, policy_name) = match policy_from {
            Some(id) => load_policy(None, &repository.commit(id).map_err(one)?, Some(id))?,
            None => load_policy(policies_from, &base, Some(base_id))?,
        };
        let request = CheckRequest {
            repository: &repository,
            base: base_id,
            base_name: Some(base_name.into()),
            head: match (arguments.staged, arguments.worktree) {
                (true, _) => Head::Index,
                (_, true) => Head::Worktree,
                _ => Head::Commit(target.head),
            },
            per_commit: arguments.per_commit,
            pushed: arguments.pushed || target.pushed,
            policy: &policy,
            policy_name,
            today: environment::today(),
            known: &known,
            artifacts: !left_out.contains(&"STR"),
            custom: &custom::evaluate,
            coverage: rules::CoverageReports { reports: &coverage.reports, roots: &roots },
        };
        let (mut report, standing) = check(&request).map_err(|error| vec![error])?;
        if let Some((path, standing)) = kept.as_ref().zip(standing) {
            // Identities that cannot be kept are read again.
            let _ = repo::disk::write(path, &standing.keep());
        }
        keep(&mut report, left_out);
        Ok(report)
    };
    let mut add = |report: Report| {
        // Of several, one that fails is told of.
        let told = if whole.verdict() == Verdict::Pass { &report.judged } else { &whole.judged };
        whole.judged = diagnostic::Judged {
            commits: whole.judged.commits + report.judged.commits,
            files: whole.judged.files + report.judged.files,
            cards: whole.judged.cards + report.judged.cards,
            ..told.clone()
        };
        whole.findings.extend(report.findings);
    };
    for target in &resolution.targets {
        let mut found = judge(target, target.base, &target.base_name);
        let passes = |found: &Result<Report, Vec<NoVerdict>>| {
            found.as_ref().is_ok_and(|report| report.verdict() == Verdict::Pass)
        };
        // What is not merged yet may be put right again: the gate judges against the mainline, and what it says is what counts.
        if let Some((base, name)) = target.mainline.as_ref().filter(|_| !passes(&found)) {
            let second = judge(target, *base, name);
            found = if second.is_ok() { second } else { found };
        }
        add(found?);
    }
    for head in &resolution.anew {
        let common = Common { policy: arguments.common.policy.clone(), ..Common::at(&arguments.common.repo) };
        add(judge_audit(&AuditArguments { head: head.to_string(), ..AuditArguments::of(common) }, left_out)?);
    }
    if resolution.targets.is_empty() && resolution.anew.is_empty() {
        whole.messages = resolution.steps;
    }
    whole.messages.extend(substitutions(&repository));
    keep(&mut whole, left_out);
    Ok(Judging::Report(Box::new(whole)))
}

/// Leaves out the families that a narrower binary does not speak of.
pub(crate) fn keep(report: &mut Report, left_out: &[&str]) {
    report.findings.retain(|finding| !left_out.contains(&finding.rule.family.code));
    report.judged.rules =
        rules::RULES.iter().filter(|rule| !left_out.contains(&rule.info.family.code)).count() as u64;
    report.findings.sort_by(diagnostic::Diagnostic::order);
    report.findings.retain(|finding| finding.level != Level::Allow);
}

/// Says what git's own tools obey and this program does not.
fn substitutions(repository: &Repository) -> Vec<String> {
    let found = repository.ignored_substitutions();
    found
        .into_iter()
        .map(|what| format!("note: {what} were ignored: the objects themselves were judged"))
        .collect()
}

fn resolve(repository: &Repository, arguments: &CheckArguments) -> Result<Resolution, Vec<NoVerdict>> {
    let event_file = arguments.event.clone().or_else(|| {
        let free =
            arguments.base.is_none() && !arguments.pre_push && !arguments.staged && !arguments.worktree;
        let judging_head = arguments.head == "HEAD";
        environment::variable("GITHUB_EVENT_PATH").filter(|_| free && judging_head).map(Into::into)
    });
    let event =
        event_file.map(|path| named_event(&path, arguments)).transpose().map_err(|error| vec![error])?;
    let lines = match (arguments.pre_push, &arguments.pushed_lines) {
        (_, Some(lines)) => Some(lines.clone()),
        (true, None) => {
            let bytes = environment::input()
                .map_err(|error| vec![plain(format!("standard input cannot be read: {error}"))])?;
            Some(
                String::from_utf8(bytes)
                    .map_err(|_| vec![plain("the pre-push lines are not UTF-8".into())])?,
            )
        }
        (false, None) => None,
    };
    let wanted = Wanted {
        base: arguments.base.as_deref(),
        head: &arguments.head,
        event,
        pre_push: lines.as_deref().map(|lines| Pushed { lines, remote: arguments.remote.as_deref() }),
        next_commit: arguments.staged || arguments.worktree,
    };
    base::resolve(repository, &wanted).map_err(|error| vec![error])
}

fn named_event(path: &Path, arguments: &CheckArguments) -> Result<event::Event, NoVerdict> {
    let name = arguments.event_name.clone().or_else(|| environment::variable("GITHUB_EVENT_NAME"));
    let name = name
        .ok_or_else(|| plain("the event has no name: set GITHUB_EVENT_NAME or give --event-name".into()))?;
    read_event(path, &name)
}

/// Reads an event file of an event of this name.
pub(crate) fn read_event(path: &Path, name: &str) -> Result<event::Event, NoVerdict> {
    let bytes = repo::disk::read(path, LARGEST_EVENT).map_err(unread)?;
    let bytes = bytes.ok_or_else(|| plain(format!("there is no event file at {}", path.display())))?;
    event::read(name, &bytes).map_err(plain)
}

pub(crate) fn plain(message: String) -> NoVerdict {
    NoVerdict { message, help: None, location: None }
}

pub(crate) fn one(error: snapshot::Error) -> Vec<NoVerdict> {
    vec![unread(error)]
}

pub(crate) fn open(path: &Path) -> Result<Repository, Vec<NoVerdict>> {
    // Where one stands is looked at from above; what one names is taken as it is.
    let exact = path != Path::new(".") && (path.join(".git").exists() || path.join("HEAD").exists());
    match exact {
        true => Repository::open(path, Limits::default()),
        false => Repository::discover(path, Limits::default()),
    }
    .map_err(one)
}

pub(crate) fn load_policy(
    file: Option<&Path>,
    base: &dyn Snapshot,
    id: Option<ObjectId>,
) -> Result<(Policy, String), Vec<NoVerdict>> {
    match file {
        Some(path) => {
            let text = repo::disk::read(path, LARGEST_POLICY).map_err(one)?;
            let text =
                text.ok_or_else(|| vec![plain(format!("there is no policy file at {}", path.display()))])?;
            let name = path.display().to_string();
            Policy::from_file(&name, text, Some(base), &names()).map(|policy| (policy, name))
        }
        None => {
            let policy = Policy::load(base, &names())?;
            let id = id.map(|id| id.short());
            let name = match (policy.has_file, id) {
                (true, id) => id.unwrap_or_default(),
                (false, Some(id)) => format!("the embedded baseline (none at {id})"),
                (false, None) => "the embedded baseline".into(),
            };
            Ok((policy, name))
        }
    }
}

fn run_audit(tool: &str, arguments: &AuditArguments, left_out: &[&str]) -> ExitCode {
    let report = match judge_audit(arguments, left_out) {
        Ok(report) => report,
        Err(errors) => no_verdict("audit", errors),
    };
    output::finish(tool, &arguments.common, report)
}

pub(crate) fn judge_audit(arguments: &AuditArguments, left_out: &[&str]) -> Result<Report, Vec<NoVerdict>> {
    let Common { repo: path, policy: policy_file, .. } = &arguments.common;
    let repository = open(path)?;
    let head = base::commit(&repository, &arguments.head).map_err(|error| vec![error])?;
    let since = arguments.since.as_deref().map(|name| base::commit(&repository, name)).transpose();
    let since = since.map_err(|error| vec![error])?;
    let snapshot = repository.commit(head).map_err(one)?;
    let (policy, policy_name) = load_policy(policy_file.as_deref(), &snapshot, Some(head))?;
    let walk = if arguments.all_parents { Walk::AllParents } else { Walk::FirstParent };
    let cache = cache_file(arguments, &repository, walk, &policy);
    // What cannot be read is done again.
    let resume = cache.as_ref().and_then(|path| repo::disk::read(path, LARGEST_CACHE).ok().flatten());
    let bar = progress();
    let request = AuditRequest {
        repository: &repository,
        head,
        since,
        walk,
        comparison: if arguments.verify_objects { Comparison::Whole } else { Comparison::Deltas },
        policy: &policy,
        policy_name,
        today: environment::today(),
        resume: resume.as_deref(),
        progress: &|done, of| {
            if let Some(bar) = &bar {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            }
        },
    };
    let result = audit(&request);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let (mut report, state) = result.map_err(|error| vec![error])?;
    if let Some(path) = cache.filter(|_| !state.is_empty() && resume.as_deref() != Some(&state)) {
        // A cache that cannot be kept costs time, not the verdict.
        let _ = repo::disk::write(&path, &state);
    }
    report.messages.extend(substitutions(&repository));
    keep(&mut report, left_out);
    Ok(report)
}

/// Where an audit of this repository, walk and policy is kept; nowhere when every object is to be read again.
fn cache_file(
    arguments: &AuditArguments,
    repository: &Repository,
    walk: Walk,
    policy: &Policy,
) -> Option<std::path::PathBuf> {
    if arguments.no_cache || arguments.verify_objects {
        return None;
    }
    let directory = arguments.cache.clone().or_else(environment::cache_directory)?;
    let place = repository.common_dir().canonicalize().ok()?;
    let key = format!("{} {walk:?} {} {}", place.display(), policy.digest, arguments.head);
    let id = repository.objects().hash_of(repo::ObjectKind::Blob, key.as_bytes()).ok()?;
    Some(directory.join(format!("audit-{id}.bin")))
}

/// Where the identities of a repository's base are kept between runs.
pub(crate) fn identities_file(repository: &Repository) -> Option<std::path::PathBuf> {
    let place = repository.common_dir().canonicalize().ok()?;
    let key = format!("identities {}", place.display());
    let id = repository.objects().hash_of(repo::ObjectKind::Blob, key.as_bytes()).ok()?;
    Some(environment::cache_directory()?.join(format!("identities-{id}.bin")))
}

/// A progress bar on standard error, for a person who watches.
fn progress() -> Option<indicatif::ProgressBar> {
    if !environment::watched() {
        return None;
    }
    let style = indicatif::ProgressStyle::with_template("{wide_bar} {pos}/{len} commits, {eta} left").ok()?;
    Some(indicatif::ProgressBar::new(0).with_style(style))
}
