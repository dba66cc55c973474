//! `id-guard audit`: the whole history, commit by commit, continued from where the last audit ended.

use std::process::ExitCode;

use diagnostic::{CheckError, Report};
use engine::{AuditRequest, Rule, audit};
use policy::Policy;
use repo::{Comparison, Repository, Walk};

use crate::arguments::{AuditArguments, Common};
use crate::session::{LARGEST_CACHE, failed_report, load_policy, one, open, substitutions};
use crate::{base, environment, output};

pub(crate) fn run_audit(tool: &str, arguments: &AuditArguments, rules: &[&'static Rule]) -> ExitCode {
    let report = match judge_audit(arguments, rules) {
        Ok(report) => report,
        Err(errors) => failed_report("audit", errors),
    };
    output::finish(tool, &arguments.common, rules, report)
}

pub(crate) fn judge_audit(
    arguments: &AuditArguments,
    rules: &[&'static Rule],
) -> Result<Report, Vec<CheckError>> {
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
        rules,
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

/// A progress bar on standard error, for a person who watches.
fn progress() -> Option<indicatif::ProgressBar> {
    if !environment::watched() {
        return None;
    }
    let style = indicatif::ProgressStyle::with_template("{wide_bar} {pos}/{len} commits, {eta} left").ok()?;
    Some(indicatif::ProgressBar::new(0).with_style(style))
}
