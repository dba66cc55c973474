//! `id-structure`: checks the artifacts of the working tree, the index or a commit.

use std::process::ExitCode;

use diagnostic::Report;
use engine::{CoverageReports, FullTreeRequest, Rule, RunKind, check_full_tree};
use index::Index;
use repo::Repository;
use snapshot::Snapshot;

use crate::arguments::{CheckArguments, Structure, StructureArguments, StructureCommand};
use crate::coverage::CoverageInput;
use crate::error::CommandError;
use crate::governed::add_coverage;
use crate::guard::check::run_check;
use crate::merged::{MergedRequest, add_state};
use crate::session::{MAX_CACHE_BYTES, identities_file, load_policy, open, refuse_nothing_governed};
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
    let recorded = [&rules::ledger::version_unrecorded::RULE, &rules::immutability::tag_missing::RULE];
    [&artifact_rules(), rules::immutability::PUBLISHED, rules::policy::RULES, &recorded].concat()
}

/// The rules that a check of a whole tree runs.
fn run_rules() -> Vec<&'static Rule> {
    let runs = |rule: &&'static Rule| {
        [RunKind::Tree, RunKind::Recorded, RunKind::Tags].into_iter().any(|run| rule.runs_in(run))
    };
    full_tree_rules().into_iter().filter(runs).collect()
}

pub(crate) fn run(arguments: Structure) -> ExitCode {
    let StructureCommand::Check(arguments) = arguments.command;
    if arguments.base.is_some() {
        return run_check("id-structure", &of_change(arguments), &artifact_rules());
    }
    let report = open(&arguments.common.repo).and_then(|repository| check_tree(&repository, &arguments));
    let report = report.unwrap_or_else(|error| error.into_report("structure"));
    output::finish("id-structure", &arguments.common, &run_rules(), report)
}

/// Checks all artifacts, and whether the main branch is recorded.
pub(crate) fn check_tree(
    repository: &Repository,
    arguments: &StructureArguments,
) -> Result<Report, CommandError> {
    let mut report = check_artifacts(repository, arguments)?;
    report.checked.rules = run_rules().len() as u64;
    let name = arguments.head.as_deref().unwrap_or("HEAD");
    // Before the first commit, no main branch exists.
    if let Ok(head) = base::commit(repository, name) {
        let policy = arguments.common.policy.as_deref();
        let rules = run_rules();
        let main = MergedRequest { repository, head, policy, rules: &rules };
        add_state(&mut report, main.check_record()?);
        add_state(&mut report, main.check_tags()?);
    }
    Ok(report)
}

/// Returns the arguments of a check of a change.
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

/// Checks all artifacts; without any, the report counts no file.
pub(crate) fn check_artifacts(
    repository: &Repository,
    arguments: &StructureArguments,
) -> Result<Report, CommandError> {
    let head: Box<dyn Snapshot> = match &arguments.head {
        Some(name) => {
            let id = base::commit(repository, name)?;
            Box::new(repository.commit(id)?)
        }
        None if arguments.staged => Box::new(repository.index()?),
        None => Box::new(repository.worktree()?),
    };
    // Without a base, the policy is that of the tree itself.
    let (policy, mut policy_name) = load_policy(arguments.common.policy.as_deref(), head.as_ref(), None)?;
    if policy.has_file && arguments.common.policy.is_none() {
        policy_name = head.name();
    }
    let coverage = CoverageInput::read(repository, &arguments.coverage)?;
    let roots = coverage.roots();
    let cache = identities_file(repository);
    let known = || Index::decode(&repo::disk::read_cache(cache.as_ref()?, MAX_CACHE_BYTES)?);
    let rules = full_tree_rules();
    let request = FullTreeRequest {
        rules: &rules,
        head: head.as_ref(),
        policy: &policy,
        policy_name,
        today: environment::today(),
        is_merged: false,
        published: &|id| repository.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>),
        known_index: &known,
        custom: &crate::custom::evaluate,
        coverage: CoverageReports { reports: &coverage.reports, roots: &roots },
    };
    let (mut report, index) = check_full_tree(&request)?;
    if let Some((path, index)) = cache.as_ref().zip(index) {
        // Without the cache, the next run reads the identities again.
        let _ = repo::disk::write_cache(path, &index.encode());
    }
    if !arguments.may_check_nothing {
        refuse_nothing_governed(&mut report, &policy, &[head.as_ref()])?;
    }
    add_coverage(&arguments.common, &mut report, &policy, repository, head.as_ref(), None);
    Ok(report)
}
