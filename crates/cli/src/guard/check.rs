//! A change judged: from what was said, an event or a hook to ranges, each judged against its base, to one report.

use std::path::Path;
use std::process::ExitCode;

use diagnostic::{CheckError, Diagnostic, Level, Report, Verdict};
use engine::{CheckRequest, CoverageReports, Head, Rule, check};
use index::Index;
use repo::{Repository, is_ancestor, merge_bases};
use snapshot::ObjectId;

use crate::arguments::{AuditArguments, CheckArguments, Common};
use crate::base::{self, Pushed, Resolution, Target, Wanted, unread};
use crate::guard::audit::judge_audit;
use crate::session::{
    LARGEST_CACHE, failed_report, identities_file, load_policy, one, open, plain, substitutions,
};
use crate::{coverage, custom, environment, event, output};

/// The largest event file, in bytes; GitHub's own limit on payloads is 25 MB.
pub(crate) const LARGEST_EVENT: u64 = 32 << 20;

pub(crate) fn run_check(tool: &str, arguments: &CheckArguments, rules: &[&'static Rule]) -> ExitCode {
    let report = match judge_check(arguments, rules) {
        Ok(Judging::Report(report)) => *report,
        Ok(Judging::Explained(steps)) => return output::print(&steps),
        Err(errors) => failed_report("check", errors),
    };
    output::finish(tool, &arguments.common, rules, report)
}

/// Judges a change, for whoever tells of it in a way of its own.
pub(crate) fn judged(arguments: &CheckArguments) -> Result<Report, Vec<CheckError>> {
    match judge_check(arguments, rules::ALL)? {
        Judging::Report(report) => Ok(*report),
        Judging::Explained(_) => Err(vec![plain("nothing was judged".into())]),
    }
}

enum Judging {
    Report(Box<Report>),
    Explained(String),
}

fn judge_check(arguments: &CheckArguments, rules: &[&'static Rule]) -> Result<Judging, Vec<CheckError>> {
    let mut repository = open(&arguments.common.repo)?;
    if let Some(index) = &arguments.index {
        repository.use_index(index);
    }
    let repository = repository;
    let resolution = resolve(&repository, arguments)?;
    if arguments.explain_base {
        let lines: Vec<String> =
            resolution.steps.iter().map(|step| diagnostic::sanitise::text(step)).collect();
        return Ok(Judging::Explained(lines.join("\n") + "\n"));
    }
    let coverage = coverage::Given::read(&repository, &arguments.coverage)?;
    let roots = coverage.roots();
    let policy_from =
        arguments.policy_from.as_deref().map(|name| base::commit(&repository, name)).transpose();
    let judge = Judge {
        repository: &repository,
        arguments,
        rules,
        policy_from: policy_from.map_err(|error| vec![error])?,
        roots: &roots,
        coverage: &coverage,
    };
    let mut whole = Report::default();
    whole.checked.command = "check".into();
    whole.checked.rules = rules.len() as u64;
    let mut add = |report: Report| {
        // Of several, one that fails is told of.
        let told = if whole.verdict() == Verdict::Pass { &report.checked } else { &whole.checked };
        whole.checked = diagnostic::CheckedRange {
            commits: whole.checked.commits + report.checked.commits,
            files: whole.checked.files + report.checked.files,
            cards: whole.checked.cards + report.checked.cards,
            ..told.clone()
        };
        whole.findings.extend(report.findings);
    };
    for target in &resolution.targets {
        add(judge.target(target)?);
    }
    for head in &resolution.anew {
        let common = Common { policy: arguments.common.policy.clone(), ..Common::at(&arguments.common.repo) };
        add(judge_audit(&AuditArguments { head: head.to_string(), ..AuditArguments::of(common) }, rules)?);
    }
    if resolution.targets.is_empty() && resolution.anew.is_empty() {
        whole.messages = resolution.steps;
    }
    whole.messages.extend(substitutions(&repository));
    whole.findings.sort_by(Diagnostic::order);
    Ok(Judging::Report(Box::new(whole)))
}

/// What judges each range of a run.
struct Judge<'j> {
    repository: &'j Repository,
    arguments: &'j CheckArguments,
    rules: &'j [&'static Rule],
    /// The revision whose policy judges, where it is not the base.
    policy_from: Option<ObjectId>,
    coverage: &'j coverage::Given,
    roots: &'j [&'j str],
}

/// Rules about what one change may hold together. Several changes that were merged and pushed at once are several.
const OF_ONE_CHANGE: [&str; 3] = ["ONE004", "POL001", "POL002"];
/// The most steps of a push that are judged one by one.
const MOST_STEPS: usize = 1_000;

impl Judge<'_> {
    fn target(&self, target: &Target) -> Result<Report, Vec<CheckError>> {
        let mut found = self.range(target, target.base, &target.base_name);
        let passes = |found: &Result<Report, Vec<CheckError>>| {
            found.as_ref().is_ok_and(|report| report.verdict() == Verdict::Pass)
        };
        // What is not merged yet may be put right again: the gate judges against the mainline, and what it says is what counts.
        if let Some((base, name)) = target.mainline.as_ref().filter(|_| !passes(&found)) {
            let second = self.range(target, *base, name);
            found = if second.is_ok() { second } else { found };
        }
        let mut report = found?;
        if target.pushed {
            self.part(target, &mut report)?;
        }
        Ok(report)
    }

    /// Of what was pushed to the mainline, asks each of its steps whether it held together what does not belong together.
    fn part(&self, target: &Target, report: &mut Report) -> Result<(), Vec<CheckError>> {
        let is_of_one = |finding: &Diagnostic| OF_ONE_CHANGE.contains(&finding.rule.id.code);
        if !report.findings.iter().any(|finding| is_of_one(finding) && finding.level == Level::Deny) {
            return Ok(());
        }
        let mut steps = Vec::new();
        let mut next = target.head;
        while next != target.base && steps.len() < MOST_STEPS {
            let commit = self.repository.objects().commit(next).map_err(one)?;
            let Some(&parent) = commit.parents.first() else { return Ok(()) };
            steps.push((parent, next));
            next = parent;
        }
        // One step is what was judged already; what does not lead back to the base was rewritten, and is one change.
        if next != target.base || steps.len() < 2 {
            return Ok(());
        }
        report.findings.retain(|finding| !is_of_one(finding));
        for (parent, head) in steps.into_iter().rev() {
            let step = Target { base: parent, head, ..target.clone() };
            let judged = self.range(&step, parent, &parent.short())?;
            report.findings.extend(judged.findings.into_iter().filter(is_of_one));
        }
        Ok(())
    }

    fn range(&self, target: &Target, base_id: ObjectId, base_name: &str) -> Result<Report, Vec<CheckError>> {
        let repository = self.repository;
        let (policy, policy_name) = match self.policy_from {
            Some(id) => {
                self.refuse_own_policy(id, base_id, target.head)?;
                load_policy(None, &repository.commit(id).map_err(one)?, Some(id))?
            }
            // The gate will take the policy of the mainline, whatever the branch says by now.
            None => {
                let from = target.mainline.as_ref().map_or(base_id, |(mainline, _)| *mainline);
                let commit = repository.commit(from).map_err(one)?;
                load_policy(self.arguments.common.policy.as_deref(), &commit, Some(from))?
            }
        };
        let kept = identities_file(repository);
        let known = || Index::decode(&repo::disk::read(kept.as_ref()?, LARGEST_CACHE).ok()??);
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
        let (report, standing) = check(&request).map_err(|error| vec![error])?;
        if let Some((path, standing)) = kept.as_ref().zip(standing) {
            // Identities that cannot be kept are read again.
            let _ = repo::disk::write(path, &standing.encode());
        }
        Ok(report)
    }

    /// A policy that the change itself brings, or was begun from it, is none to judge it by.
    fn refuse_own_policy(
        &self,
        policy: ObjectId,
        base: ObjectId,
        head: ObjectId,
    ) -> Result<(), Vec<CheckError>> {
        let objects = self.repository.objects();
        for shared in merge_bases(objects, policy, head).map_err(one)? {
            if !is_ancestor(objects, shared, base).map_err(one)? {
                return Err(vec![CheckError {
                    message: format!(
                        "the policy would come from {}, which is part of the change that it judges",
                        policy.short()
                    ),
                    help: Some("name a branch that the change is not on, as the mainline".into()),
                    location: None,
                }]);
            }
        }
        Ok(())
    }
}

fn resolve(repository: &Repository, arguments: &CheckArguments) -> Result<Resolution, Vec<CheckError>> {
    let event_file = arguments.event.clone().or_else(|| {
        let free =
            arguments.base.is_none() && !arguments.pre_push && !arguments.staged && !arguments.worktree;
        let judging_head = arguments.head == "HEAD";
        environment::variable("GITHUB_EVENT_PATH").filter(|_| free && judging_head).map(Into::into)
    });
    let event = match &arguments.given {
        Some(event) => Some(event::Event::clone(event)),
        None => {
            event_file.map(|path| named_event(&path, arguments)).transpose().map_err(|error| vec![error])?
        }
    };
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
        remote: arguments.remote.as_deref().unwrap_or("origin"),
    };
    base::resolve(repository, &wanted).map_err(|error| vec![error])
}

fn named_event(path: &Path, arguments: &CheckArguments) -> Result<event::Event, CheckError> {
    let name = arguments.event_name.clone().or_else(|| environment::variable("GITHUB_EVENT_NAME"));
    let name = name
        .ok_or_else(|| plain("the event has no name: set GITHUB_EVENT_NAME or give --event-name".into()))?;
    read_event(path, &name)
}

/// Reads an event file of an event of this name.
pub(crate) fn read_event(path: &Path, name: &str) -> Result<event::Event, CheckError> {
    let bytes = repo::disk::read(path, LARGEST_EVENT).map_err(unread)?;
    let bytes = bytes.ok_or_else(|| plain(format!("there is no event file at {}", path.display())))?;
    event::read(name, &bytes).map_err(plain)
}
