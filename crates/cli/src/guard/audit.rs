//! `id-guard audit`: the whole history, commit by commit, continued from where the last audit ended.

use std::path::Path;
use std::process::ExitCode;

use diagnostic::{Diagnostic, Location, Report};
use engine::{AuditRequest, Audited, Rule, RunKind, audit};
use policy::{KnownFindings, Policy, WAIVERS_PATH, Waiver};
use repo::{Commit, Comparison, Repository, Walk};
use snapshot::RepoPath;

use crate::arguments::AuditArguments;
use crate::error::CommandError;
use crate::governed::add_coverage;
use crate::guard::known::{Listed, read_known_findings};
use crate::guard::prefetch;
use crate::merged::{MergedRequest, add_state, state_rules};
use crate::session::{
    MAX_CACHE_BYTES, UNCOMMITTED_POLICY, first_policy, load_policy, open, refuse_nothing_governed,
    substitutions,
};
use crate::{base, environment, output};

pub(crate) fn run_audit(tool: &str, arguments: &AuditArguments, rules: &[&'static Rule]) -> ExitCode {
    let report =
        open(&arguments.common.repo).and_then(|repository| audit_repository(&repository, arguments, rules));
    let report = report.unwrap_or_else(|error| error.into_report("audit"));
    output::finish(tool, &arguments.common, &audited(rules), report)
}

/// The rules that an audit runs.
fn audited(rules: &[&'static Rule]) -> Vec<&'static Rule> {
    let state = state_rules(rules);
    let runs = |rule: &&&'static Rule| {
        rule.runs_in(RunKind::History) || state.iter().any(|other| other.info.id == rule.info.id)
    };
    rules.iter().filter(runs).copied().collect()
}

/// Audits the history of a commit and the state at it.
fn audit_repository(
    repository: &Repository,
    arguments: &AuditArguments,
    rules: &[&'static Rule],
) -> Result<Report, CommandError> {
    let folder = arguments.write_baseline.as_deref().and_then(Path::parent);
    if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(CommandError::failed(format!("directory not found: {}", folder.display())));
    }
    let (mut report, listed) = audit_commits(repository, arguments, rules, true)?;
    let head = base::commit(repository, &arguments.head)?;
    let request = MergedRequest { repository, head, policy: arguments.common.policy.as_deref(), rules };
    add_state(&mut report, request.check()?);
    report.checked.rules = audited(rules).len() as u64;
    if arguments.common.policy.is_none() {
        remove_used_waivers(&repository.commit(head)?, &mut report)?;
    }
    if let Some(file) = &arguments.write_baseline {
        listed.write(file, arguments.accept_new, &mut report)?;
    }
    Ok(report)
}

/// Removes the finding of an unused waiver if the waiver covers a finding of another step.
pub(crate) fn remove_used_waivers(commit: &Commit<'_>, report: &mut Report) -> Result<(), CommandError> {
    let policy = Policy::load(commit)?;
    let waived: Vec<&Diagnostic> =
        report.findings.iter().filter(|finding| finding.waived_by.is_some()).collect();
    let is_used = |waiver: &&Waiver| {
        waived.iter().any(|finding| {
            let path = finding.location.as_ref().map(|at| at.path.as_bytes()).unwrap_or_default();
            waiver.covers(finding.rule.id.code, path, finding.commit.as_ref().map(|commit| commit.id))
        })
    };
    let place = |waiver: &Waiver| {
        Location::at(&RepoPath::from(WAIVERS_PATH), &policy.waivers_text, waiver.span.clone())
    };
    let used: Vec<Location> = policy.waivers.iter().filter(is_used).map(place).collect();
    let is_of_used = |finding: &Diagnostic| {
        finding.rule.id == codes::WAIVER_UNUSED
            && finding.location.as_ref().is_some_and(|at| used.contains(at))
    };
    let kept: Vec<Diagnostic> =
        report.findings.iter().filter(|finding| !is_of_used(finding)).cloned().collect();
    report.findings = kept;
    Ok(())
}

/// Audits the history of a commit.
pub(crate) fn audit_history(
    repository: &Repository,
    arguments: &AuditArguments,
    rules: &[&'static Rule],
) -> Result<Report, CommandError> {
    Ok(audit_commits(repository, arguments, rules, false)?.0)
}

/// Audits the history of a commit; returns also what is left of the list of known findings. A policy that was just written, and is not
/// committed, is used where a person asks.
fn audit_commits(
    repository: &Repository,
    arguments: &AuditArguments,
    rules: &[&'static Rule],
    uses_first_policy: bool,
) -> Result<(Report, Listed), CommandError> {
    let policy_file = &arguments.common.policy;
    let head = base::commit(repository, &arguments.head)?;
    let since = arguments.since.as_deref().map(|name| base::commit(repository, name)).transpose()?;
    let snapshot = repository.commit(head)?;
    let walk = if arguments.all_parents { Walk::AllParents } else { Walk::FirstParent };
    let lacking = prefetch::trees_of_history(repository, head, since, walk)?;
    let (mut policy, mut policy_name) = load_policy(policy_file.as_deref(), &snapshot, Some(head))?;
    let is_of_checkout = uses_first_policy && policy_file.is_none() && arguments.head == "HEAD";
    if is_of_checkout && let Some(first) = first_policy(repository)? {
        (policy, policy_name) = (first, UNCOMMITTED_POLICY.into());
    }
    let exists = arguments.write_baseline.as_deref().is_some_and(Path::exists);
    if let Some(file) = &arguments.baseline {
        policy.known = read_known_findings(file)?;
    } else if let Some(file) = &arguments.write_baseline {
        policy.known = if exists { read_known_findings(file)? } else { KnownFindings::default() };
    }
    prefetch::files_of_history(repository, &policy, &lacking)?;
    let cache = cache_file(arguments, repository, walk, &policy);
    // An unreadable cache only costs time.
    let resume = cache.as_ref().and_then(|path| repo::disk::read_cache(path, MAX_CACHE_BYTES));
    let bar = progress();
    let request = AuditRequest {
        rules,
        repository,
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
    let Audited { mut report, resume: state, gone } = result?;
    if let Some(path) = cache.filter(|_| !state.is_empty() && resume.as_deref() != Some(&state)) {
        // A cache that cannot be written costs time, not the verdict.
        let _ = repo::disk::write_cache(&path, &state);
    }
    report.messages.extend(substitutions(repository));
    if !arguments.may_check_nothing {
        refuse_nothing_governed(&mut report, &policy, &[&snapshot])?;
    }
    let tree = Some(snapshot.header().tree);
    add_coverage(&arguments.common, &mut report, &policy, repository, &snapshot, tree);
    Ok((report, Listed::new(policy.known, &gone, exists)))
}

/// Returns the cache file of an audit of this repository, walk and policy; `None` if every object is to be read again.
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

/// Returns a progress bar on standard error, if that is a terminal.
fn progress() -> Option<indicatif::ProgressBar> {
    if !environment::watched() {
        return None;
    }
    let style = indicatif::ProgressStyle::with_template("{wide_bar} {pos}/{len} commits, {eta} left").ok()?;
    Some(indicatif::ProgressBar::new(0).with_style(style))
}
