//! `id-structure`: the artifacts themselves, as they stand in the working tree, the index or a commit.

use std::process::ExitCode;

use diagnostic::{CheckError, Report};
use engine::{CoverageReports, FullTreeRequest, Rule, check_full_tree};
use index::Index;
use snapshot::Snapshot;

use crate::arguments::{CheckArguments, Structure, StructureArguments, StructureCommand};
use crate::coverage::Given;
use crate::guard::check::run_check;
use crate::session::{LARGEST_CACHE, failed_report, identities_file, load_policy, one, open, plain};
use crate::{base, environment, output};

/// The rules about artifacts: the families of `id-structure`.
fn artifact_rules() -> Vec<&'static Rule> {
    [
        rules::cards::RULES,
        rules::uniqueness::RULES,
        rules::one_artifact::RULES,
        rules::structure::RULES,
        rules::schemas::RULES,
        rules::derived::RULES,
        rules::compatibility::RULES,
        rules::documents::RULES,
        rules::capabilities::RULES,
        rules::custom::RULES,
    ]
    .concat()
}

/// The rules for a whole tree: about artifacts, about the content of published versions, and about the policy.
fn full_tree_rules() -> Vec<&'static Rule> {
    [&artifact_rules(), rules::immutability::PUBLISHED, rules::policy::RULES].concat()
}

pub(crate) fn run(arguments: Structure) -> ExitCode {
    let StructureCommand::Check(arguments) = arguments.command;
    if arguments.base.is_some() {
        return run_check("id-structure", &of_change(arguments), &artifact_rules());
    }
    let report = judge(&arguments).and_then(refuse_nothing);
    let report = report.unwrap_or_else(|errors| failed_report("structure", errors));
    output::finish("id-structure", &arguments.common, &full_tree_rules(), report)
}

/// The same judgement of a change as `id-guard check` makes.
fn of_change(arguments: StructureArguments) -> CheckArguments {
    CheckArguments {
        base: arguments.base,
        worktree: arguments.head.is_none() && !arguments.staged,
        head: arguments.head.unwrap_or_else(|| "HEAD".into()),
        staged: arguments.staged,
        coverage: arguments.coverage,
        ..CheckArguments::of(arguments.common)
    }
}

/// A run that found nothing to judge gives no verdict.
fn refuse_nothing(report: Report) -> Result<Report, Vec<CheckError>> {
    if report.checked.files > 0 {
        return Ok(report);
    }
    Err(vec![CheckError {
        help: Some("mint an identity: id-mint plugin NAME".into()),
        ..plain("there is nothing to judge: no card, no plugin, no policy pack".into())
    }])
}

/// Judges what stands; where nothing stands, the report says so: no file.
pub(crate) fn judge(arguments: &StructureArguments) -> Result<Report, Vec<CheckError>> {
    let mut repository = open(&arguments.common.repo)?;
    if let Some(index) = &arguments.index {
        repository.use_index(index);
    }
    let repository = repository;
    let head: Box<dyn Snapshot> = match &arguments.head {
        Some(name) => {
            let id = base::commit(&repository, name).map_err(|error| vec![error])?;
            Box::new(repository.commit(id).map_err(one)?)
        }
        None if arguments.staged => Box::new(repository.index().map_err(one)?),
        None => Box::new(repository.worktree().map_err(one)?),
    };
    // Nothing is judged against anything here: the tree's own policy tells what it holds itself to.
    let (policy, mut policy_name) = load_policy(arguments.common.policy.as_deref(), head.as_ref(), None)?;
    if policy.has_file && arguments.common.policy.is_none() {
        policy_name = head.name();
    }
    let coverage = Given::read(&repository, &arguments.coverage)?;
    let roots = coverage.roots();
    let kept = identities_file(&repository);
    let known = || Index::decode(&repo::disk::read(kept.as_ref()?, LARGEST_CACHE).ok()??);
    let rules = full_tree_rules();
    let request = FullTreeRequest {
        rules: &rules,
        head: head.as_ref(),
        policy: &policy,
        policy_name,
        today: environment::today(),
        published: &|id| repository.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>),
        known_index: &known,
        custom: &crate::custom::evaluate,
        coverage: CoverageReports { reports: &coverage.reports, roots: &roots },
    };
    let (report, news) = check_full_tree(&request).map_err(|error| vec![error])?;
    if let Some((path, news)) = kept.as_ref().zip(news) {
        // Identities that cannot be kept are read again.
        let _ = repo::disk::write(path, &news.encode());
    }
    Ok(report)
}
