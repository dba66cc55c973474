//! `id-guard check`: options, an event or a hook give ranges; each is checked against its base; one report.

use std::path::Path;
use std::process::ExitCode;

use codes::RuleId;
use diagnostic::{CheckedRange, Diagnostic, Level, Report, Verdict};
use engine::{CheckRequest, CoverageReports, Head, Rule, RunKind, check, count_governed};
use index::Index;
use policy::{KnownFindings, Policy};
use repo::{Repository, is_ancestor, merge_bases};
use snapshot::{ObjectId, Snapshot};

use crate::arguments::{AuditArguments, CheckArguments, Common};
use crate::base::{self, BaseRequest, Pushed, Resolution, Target};
use crate::coverage::CoverageInput;
use crate::error::CommandError;
use crate::governed::add_coverage;
use crate::guard::audit::audit_history;
use crate::guard::known::read_known_findings;
use crate::guard::prefetch;
use crate::session::{
    MAX_CACHE_BYTES, first_policy, identities_file, load_policy, open, refuse_nothing_governed, substitutions,
};
use crate::{custom, environment, event, output};

/// The size of an event file; GitHub's own limit on payloads is 25 MB.
pub(crate) const MAX_EVENT_BYTES: u64 = 32 << 20;

pub(crate) fn run_check(tool: &str, arguments: &CheckArguments, rules: &[&'static Rule]) -> ExitCode {
    let report = match open_and_check(arguments, rules) {
        Ok(CheckOutput::Report(report)) => *report,
        Ok(CheckOutput::BaseExplanation(steps)) => return output::print(&steps),
        Err(error) => error.into_report("check"),
    };
    let ran: Vec<&'static Rule> =
        rules.iter().copied().filter(|rule| rule.runs_in(RunKind::Change)).collect();
    output::finish(tool, &arguments.common, &ran, report)
}

fn open_and_check(arguments: &CheckArguments, rules: &[&'static Rule]) -> Result<CheckOutput, CommandError> {
    let repository = open(&arguments.common.repo)?;
    let resolution = resolve(&repository, arguments);
    let has_change = |resolution: &Resolution| {
        !resolution.without_base.is_empty()
            || resolution.targets.iter().any(|target| target.base != target.head)
    };
    if arguments.names_nothing()
        && !resolution.as_ref().is_ok_and(has_change)
        && environment::variable("GITHUB_EVENT_PATH").is_none()
        && let Some(first) = first_policy(&repository)?
    {
        return Ok(CheckOutput::Report(Box::new(check_first_policy(&repository, &first, arguments, rules)?)));
    }
    let resolution = resolution?;
    if arguments.explain_base {
        let lines: Vec<String> =
            resolution.steps.iter().map(|step| diagnostic::sanitise::text(step)).collect();
        return Ok(CheckOutput::BaseExplanation(lines.join("\n") + "\n"));
    }
    let report = check_ranges(&repository, resolution, arguments, rules)?;
    Ok(CheckOutput::Report(Box::new(report)))
}

/// Checks the working tree where its policy is the first one, and reports what it will govern: no change is checked with it yet.
fn check_first_policy(
    repository: &Repository,
    first: &Policy,
    arguments: &CheckArguments,
    rules: &[&'static Rule],
) -> Result<Report, CommandError> {
    let common = Common { policy: arguments.common.policy.clone(), ..Common::at(&arguments.common.repo) };
    let of_worktree =
        CheckArguments { worktree: true, may_check_nothing: true, ..CheckArguments::of(common) };
    let resolution = resolve(repository, &of_worktree)?;
    let mut report = check_ranges(repository, resolution, &of_worktree, rules)?;
    let governed = count_governed(&repository.worktree()?, first)?;
    let (disciplines, known) = (first.disciplines.len(), first.known.entries.len());
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    };
    report.messages.push(format!(
        "the first policy is not committed; it governs {} with {}, and lists {}",
        count(governed as usize, "file", "files"),
        count(disciplines, "discipline", "disciplines"),
        count(known, "known finding", "known findings"),
    ));
    Ok(report)
}

enum CheckOutput {
    Report(Box<Report>),
    BaseExplanation(String),
}

/// Checks a change with every rule.
pub(crate) fn check_change(
    repository: &Repository,
    arguments: &CheckArguments,
) -> Result<Report, CommandError> {
    check_ranges(repository, resolve(repository, arguments)?, arguments, rules::ALL)
}

fn check_ranges(
    repository: &Repository,
    resolution: Resolution,
    arguments: &CheckArguments,
    rules: &[&'static Rule],
) -> Result<Report, CommandError> {
    let coverage = CoverageInput::read(repository, &arguments.coverage)?;
    let policy_from =
        arguments.policy_from.as_deref().map(|name| base::commit(repository, name)).transpose()?;
    let roots = coverage.roots();
    let known = arguments.baseline.as_deref().map(read_known_findings).transpose()?;
    let coverage = &coverage;
    let run = CheckRun { repository, arguments, rules, policy_from, known, roots: &roots, coverage };
    let mut total = Report::default();
    total.checked.command = "check".into();
    total.checked.rules = rules.iter().filter(|rule| rule.runs_in(RunKind::Change)).count() as u64;
    let mut add = |report: Report| {
        // The ids of the report are those of the first range that fails.
        let named = if total.verdict() == Verdict::Pass { &report.checked } else { &total.checked };
        total.checked = CheckedRange {
            commits: total.checked.commits + report.checked.commits,
            files: total.checked.files + report.checked.files,
            cards: total.checked.cards + report.checked.cards,
            ..named.clone()
        };
        total.findings.extend(report.findings);
        total.messages.extend(report.messages);
        for error in report.errors {
            if !total.errors.contains(&error) {
                total.errors.push(error);
            }
        }
    };
    for target in &resolution.targets {
        add(run.check_target(target)?);
    }
    for head in &resolution.without_base {
        let common = Common { policy: arguments.common.policy.clone(), ..Common::at(&arguments.common.repo) };
        let arguments = AuditArguments {
            head: head.to_string(),
            baseline: arguments.baseline.clone(),
            may_check_nothing: arguments.may_check_nothing,
            ..AuditArguments::of(common)
        };
        add(audit_history(repository, &arguments, rules)?);
    }
    if resolution.targets.is_empty() && resolution.without_base.is_empty() {
        total.messages.extend(resolution.steps);
    }
    total.messages.extend(substitutions(repository));
    total.findings.sort_by(Diagnostic::order);
    Ok(total)
}

/// Checks each range of a run.
struct CheckRun<'j> {
    repository: &'j Repository,
    arguments: &'j CheckArguments,
    rules: &'j [&'static Rule],
    /// The revision of the policy, if it is not the base.
    policy_from: Option<ObjectId>,
    /// The known findings of the operator.
    known: Option<KnownFindings>,
    coverage: &'j CoverageInput,
    roots: &'j [&'j str],
}

/// The rules about what one change may combine. Several changes that are merged and pushed at once are checked one by one.
const OF_ONE_CHANGE: [RuleId; 3] =
    [codes::CHANGE_TOUCHES_MANY_ARTIFACTS, codes::POLICY_CHANGED, codes::WORKFLOW_CHANGED];
/// The steps of a push that are checked one by one. A push of more commits is checked as one change.
const MAX_PUSH_STEPS: usize = 1_000;

fn is_of_one_change(finding: &Diagnostic) -> bool {
    OF_ONE_CHANGE.contains(&finding.rule.id)
}

impl CheckRun<'_> {
    fn check_target(&self, target: &Target) -> Result<Report, CommandError> {
        let mut found = self.check_range(target, target.base, &target.base_name);
        let passes = |found: &Result<Report, CommandError>| {
            found.as_ref().is_ok_and(|report| report.verdict() == Verdict::Pass)
        };
        // The gate compares with the base branch, so a fix on the branch makes an earlier commit of it acceptable.
        if let Some((base, name)) = target.mainline.as_ref().filter(|_| !passes(&found)) {
            let second = self.check_range(target, *base, name);
            found = if second.is_ok() { second } else { found };
        }
        let mut report = found?;
        if target.pushed {
            self.check_steps(target, &mut report)?;
        }
        if let Some(previous) = target.queued_on {
            self.check_queue_entry(target, previous, &mut report)?;
        }
        Ok(report)
    }

    /// Checks the rules of one change on an entry of a merge queue alone: the entries before it are changes of their own. The policy
    /// is that of the target branch.
    fn check_queue_entry(
        &self,
        target: &Target,
        previous: ObjectId,
        report: &mut Report,
    ) -> Result<(), CommandError> {
        if previous == target.base {
            return Ok(());
        }
        report.findings.retain(|finding| !is_of_one_change(finding));
        if is_ancestor(self.repository.objects(), target.head, previous)? {
            return Ok(());
        }
        let mainline = Some((target.base, target.base_name.clone()));
        let entry = Target { base: previous, mainline, ..target.clone() };
        let found = self.check_range(&entry, previous, &previous.short())?;
        report.findings.extend(found.findings.into_iter().filter(is_of_one_change));
        Ok(())
    }

    /// Checks the rules of one change on each step of a push to the base branch, instead of on the whole push.
    fn check_steps(&self, target: &Target, report: &mut Report) -> Result<(), CommandError> {
        if !report.findings.iter().any(|finding| is_of_one_change(finding) && finding.level == Level::Deny) {
            return Ok(());
        }
        let mut steps = Vec::new();
        let mut next = target.head;
        while next != target.base && steps.len() < MAX_PUSH_STEPS {
            let commit = self.repository.objects().commit(next)?;
            let Some(&parent) = commit.parents.first() else { return Ok(()) };
            steps.push((parent, next));
            next = parent;
        }
        // A single step is already checked; a push that does not lead back to the base was rewritten, and is one change.
        if next != target.base || steps.len() < 2 {
            return Ok(());
        }
        report.findings.retain(|finding| !is_of_one_change(finding));
        for (parent, head) in steps.into_iter().rev() {
            let step = Target { base: parent, head, ..target.clone() };
            let report_of_step = self.check_range(&step, parent, &parent.short())?;
            report.findings.extend(report_of_step.findings.into_iter().filter(is_of_one_change));
        }
        Ok(())
    }

    fn check_range(
        &self,
        target: &Target,
        base_id: ObjectId,
        base_name: &str,
    ) -> Result<Report, CommandError> {
        let repository = self.repository;
        prefetch::governance(repository, &[base_id, target.head])?;
        let (mut policy, policy_name) = match self.policy_from {
            Some(id) => {
                self.refuse_own_policy(id, base_id, target.head)?;
                load_policy(None, &repository.commit(id)?, Some(id))?
            }
            // The gate uses the policy of the base branch, not of the checked branch.
            None => {
                let mainline = target.mainline.as_ref().filter(|_| !target.policy_of_base);
                let from = mainline.map_or(base_id, |(mainline, _)| *mainline);
                let commit = repository.commit(from)?;
                load_policy(self.arguments.common.policy.as_deref(), &commit, Some(from))?
            }
        };
        if let Some(known) = &self.known {
            policy.known.clone_from(known);
        }
        prefetch::change(repository, &policy, base_id, target.head)?;
        let cache = identities_file(repository);
        let known = || Index::decode(&repo::disk::read_cache(cache.as_ref()?, MAX_CACHE_BYTES)?);
        let request = CheckRequest {
            rules: self.rules,
            repository,
            base: base_id,
            base_name: Some(base_name.into()),
            head: match (self.arguments.staged, self.arguments.worktree) {
                (true, _) => Head::Index,
                (_, true) => Head::Worktree,
                _ => Head::Commit(target.head),
            },
            per_commit: self.arguments.per_commit,
            pushed: self.arguments.pushed || target.pushed,
            policy: &policy,
            policy_name,
            today: environment::today(),
            known_index: &known,
            custom: &custom::evaluate,
            coverage: CoverageReports { reports: &self.coverage.reports, roots: self.roots },
        };
        let (mut report, index) = check(&request)?;
        if let Some((path, index)) = cache.as_ref().zip(index) {
            // Without the cache, the next run reads the identities again.
            let _ = repo::disk::write_cache(path, &index.encode());
        }
        let head: Box<dyn Snapshot> = match request.head {
            Head::Commit(id) => Box::new(repository.commit(id)?),
            Head::Index => Box::new(repository.index()?),
            Head::Worktree => Box::new(repository.worktree()?),
        };
        if !self.arguments.may_check_nothing {
            refuse_nothing_governed(&mut report, &policy, &[head.as_ref(), &repository.commit(base_id)?])?;
        }
        let tree = match request.head {
            Head::Commit(id) => Some(repository.commit(id)?.header().tree),
            Head::Index | Head::Worktree => None,
        };
        add_coverage(&self.arguments.common, &mut report, &policy, repository, head.as_ref(), tree);
        Ok(report)
    }

    /// Refuses a policy from the change itself, or from a branch that starts in it.
    fn refuse_own_policy(
        &self,
        policy: ObjectId,
        base: ObjectId,
        head: ObjectId,
    ) -> Result<(), CommandError> {
        let objects = self.repository.objects();
        for shared in merge_bases(objects, policy, head)? {
            if !is_ancestor(objects, shared, base)? {
                return Err(CommandError::failed_with(
                    format!("the policy at {} is part of the change that is checked", policy.short()),
                    "pass a branch that does not contain the change, such as the base branch",
                ));
            }
        }
        Ok(())
    }
}

fn resolve(repository: &Repository, arguments: &CheckArguments) -> Result<Resolution, CommandError> {
    let event_file = arguments.event.clone().or_else(|| {
        let free = arguments.received_lines.is_none()
            && arguments.base.is_none()
            && !arguments.pre_push
            && !arguments.staged
            && !arguments.worktree;
        let is_default_head = arguments.head == "HEAD";
        environment::variable("GITHUB_EVENT_PATH").filter(|_| free && is_default_head).map(Into::into)
    });
    let event = match &arguments.given {
        Some(event) => Some(event::Event::clone(event)),
        None => event_file.map(|path| named_event(&path, arguments)).transpose()?,
    };
    let lines = match (arguments.pre_push, &arguments.pushed_lines) {
        (_, Some(lines)) => Some(lines.clone()),
        (true, None) => {
            let bytes = environment::input()
                .map_err(|error| CommandError::failed(format!("cannot read standard input: {error}")))?;
            Some(
                String::from_utf8(bytes)
                    .map_err(|_| CommandError::failed("the pre-push lines are not UTF-8"))?,
            )
        }
        (false, None) => None,
    };
    let request = BaseRequest {
        base: arguments.base.as_deref(),
        head: &arguments.head,
        event,
        pre_push: lines.as_deref().map(|lines| Pushed { lines, remote: arguments.remote.as_deref() }),
        pre_receive: arguments.received_lines.as_deref(),
        next_commit: arguments.staged || arguments.worktree,
        remote: arguments.remote.as_deref().unwrap_or("origin"),
    };
    base::resolve(repository, &request)
}

fn named_event(path: &Path, arguments: &CheckArguments) -> Result<event::Event, CommandError> {
    let name = arguments.event_name.clone().or_else(|| environment::variable("GITHUB_EVENT_NAME"));
    let name = name.ok_or_else(|| {
        CommandError::failed("the event has no name: set GITHUB_EVENT_NAME or pass --event-name")
    })?;
    read_event(path, &name)
}

/// Reads an event file of an event of this name.
pub(crate) fn read_event(path: &Path, name: &str) -> Result<event::Event, CommandError> {
    let bytes = repo::disk::read(path, MAX_EVENT_BYTES)?;
    let bytes =
        bytes.ok_or_else(|| CommandError::failed(format!("event file not found: {}", path.display())))?;
    event::read(name, &bytes).map_err(CommandError::failed)
}
