//! From what was said to what is meant: the verbs of `id-guard` and `id-immutability`, how a repository and a policy are opened, audits.

use std::path::Path;
use std::process::ExitCode;

use diagnostic::{CheckError, Level, Report};
use policy::Policy;
use repo::{Comparison, Limits, Repository, Walk};
use rules::{AuditRequest, audit, names};
use snapshot::{ObjectId, Snapshot};

use crate::arguments::{AuditArguments, Common, Guard, GuardCommand, Immutability, ImmutabilityCommand};
use crate::base::{self, unread};
use crate::check::run_check;
use crate::{ci, doctor, environment, hook, init, output, plugin, post_merge, show};

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
pub(crate) fn failed_report(command: &str, errors: Vec<CheckError>) -> Report {
    let mut report = Report { errors, ..Report::default() };
    report.checked.command = command.into();
    report
}

/// Leaves out the families that a narrower binary does not speak of.
pub(crate) fn keep(report: &mut Report, left_out: &[&str]) {
    report.findings.retain(|finding| !left_out.contains(&finding.rule.family.code));
    report.checked.rules =
        rules::RULES.iter().filter(|rule| !left_out.contains(&rule.info.family.code)).count() as u64;
    report.findings.sort_by(diagnostic::Diagnostic::order);
    report.findings.retain(|finding| finding.level != Level::Allow);
}

/// Says what git's own tools obey and this program does not.
pub(crate) fn substitutions(repository: &Repository) -> Vec<String> {
    let found = repository.ignored_substitutions();
    found
        .into_iter()
        .map(|what| format!("note: {what} were ignored: the objects themselves were judged"))
        .collect()
}

pub(crate) fn plain(message: String) -> CheckError {
    CheckError { message, help: None, location: None }
}

pub(crate) fn one(error: snapshot::Error) -> Vec<CheckError> {
    vec![unread(error)]
}

pub(crate) fn open(path: &Path) -> Result<Repository, Vec<CheckError>> {
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
) -> Result<(Policy, String), Vec<CheckError>> {
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
        Err(errors) => failed_report("audit", errors),
    };
    output::finish(tool, &arguments.common, report)
}

pub(crate) fn judge_audit(arguments: &AuditArguments, left_out: &[&str]) -> Result<Report, Vec<CheckError>> {
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
