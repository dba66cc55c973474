//! The state of the main branch: the ledger is valid and trusted, published content is unchanged, and ledger, registry and tags reflect what was merged.

use std::path::Path;

use diagnostic::{Diagnostic, Report};
use engine::{PlacedTags, RecordedStateRequest, Rule, RunKind, check_recorded_state, check_tags};
use index::Index;
use ledger::ReadOptions;
use ledger::files::{InSnapshot, has_lines, read_checkpoint};
use policy::LedgerMode;
use registry::tags::recorded;
use repo::{Commit, Repository, is_ancestor};
use snapshot::{ObjectId, Snapshot};

use crate::arguments::LEDGER_BRANCH;
use crate::base::mainline_at;
use crate::environment;
use crate::error::CommandError;
use crate::ledger::{TrustSource, verify_trust};
use crate::ref_tags::{self, TAGS_NOT_CHECKED};
use crate::session::{MAX_CACHE_BYTES, identities_file, load_policy};

/// What was found.
#[derive(Default)]
pub(crate) struct MergedState {
    pub(crate) findings: Vec<Diagnostic>,
    /// What could not be compared here, and who signed.
    pub(crate) messages: Vec<String>,
}

impl MergedState {
    fn add(&mut self, other: MergedState) {
        self.findings.extend(other.findings);
        self.messages.extend(other.messages);
    }
}

/// What a check of the main branch is given.
#[derive(Clone, Copy)]
pub(crate) struct MergedRequest<'m> {
    pub(crate) repository: &'m Repository,
    /// The commit that the run is about.
    pub(crate) head: ObjectId,
    /// The policy file of the operator.
    pub(crate) policy: Option<&'m Path>,
    pub(crate) rules: &'m [&'static Rule],
}

/// The rules that can report anything about the state of the main branch.
pub(crate) fn state_rules(rules: &[&'static Rule]) -> Vec<&'static Rule> {
    rules.iter().copied().filter(|rule| is_of_state(rule)).collect()
}

fn is_of_state(rule: &Rule) -> bool {
    let published = rules::immutability::PUBLISHED.iter().any(|other| other.info.id == rule.info.id);
    published || [RunKind::Ledger, RunKind::Tags, RunKind::Recorded].into_iter().any(|run| rule.runs_in(run))
}

impl<'m> MergedRequest<'m> {
    /// Checks the commit itself, and the record of the main branch that contains it.
    pub(crate) fn check(&self) -> Result<MergedState, CommandError> {
        let mut state = self.check_integrity()?;
        state.add(self.check_record()?);
        state.add(self.check_tags()?);
        state.messages.dedup();
        Ok(state)
    }

    /// Checks the ledger of the commit, who signed it, and the published content.
    pub(crate) fn check_integrity(&self) -> Result<MergedState, CommandError> {
        let commit = self.repository.commit(self.head)?;
        let (policy, _) = load_policy(self.policy, &commit, Some(self.head))?;
        let mut state = MergedState::default();
        let record = self.record_of(&commit)?;
        let files = InSnapshot(record.as_ref().unwrap_or(&commit));
        if read_checkpoint(&files)?.is_none() && !has_lines(&files)? {
            return Ok(state);
        }
        let ignores_tail = policy.ledger.mode != LedgerMode::InChange;
        let read = ReadOptions { whole: true, ignores_tail, ..ReadOptions::default() }
            .read(&files, &mut |_, _| {})?;
        let is_sound = read.faults.is_empty();
        let trusted = verify_trust(&files, &read, &policy, &TrustSource::Repository, None)?;
        let faults: Vec<_> = read.faults.iter().cloned().chain(trusted.faults).collect();
        let today = environment::today();
        state.findings.extend(engine::check_ledger(self.rules, &files, &faults, &policy, today)?);
        state.messages.push(format!("ledger: {}", trusted.signed_by));
        if is_sound {
            let open = |id| self.repository.tree(id).map(|tree| Box::new(tree) as Box<dyn Snapshot + '_>);
            let published = engine::check_published(self.rules, &commit, &files, &open, &policy, today)?;
            state.findings.extend(published.findings);
        }
        Ok(state)
    }

    /// Checks that the main branch is recorded: in the ledger, and in the registry.
    ///
    /// What is not on the main branch is not blamed for it: then everything is a warning.
    pub(crate) fn check_record(&self) -> Result<MergedState, CommandError> {
        let main = self.main_branch()?;
        let commit = self.repository.commit(main.tip)?;
        let record = self.record_of(&commit)?;
        self.compare(&commit, record.as_ref().unwrap_or(&commit), !main.contains_head, true)
    }

    /// Returns whether the ledger of the main branch is in this clone: one that is kept on another branch may not have been fetched.
    pub(crate) fn has_record(&self) -> Result<bool, CommandError> {
        let commit = self.repository.commit(self.main_branch()?.tip)?;
        let beside = self.record_of(&commit)?;
        Ok(beside.is_some() || read_checkpoint(&InSnapshot(&commit))?.is_some())
    }

    /// Checks that the versions of the commit are in the ledger by now, whatever was merged after it: after a push, the job that records it may still run.
    pub(crate) fn check_before_push(&self) -> Result<MergedState, CommandError> {
        let commit = self.repository.commit(self.head)?;
        let newest = self.repository.commit(self.main_branch()?.tip)?;
        let beside = self.record_of(&newest)?;
        self.compare(&commit, beside.as_ref().unwrap_or(&newest), false, false)
    }

    fn compare(
        &self,
        commit: &Commit<'_>,
        record: &Commit<'_>,
        only_warns: bool,
        is_settled: bool,
    ) -> Result<MergedState, CommandError> {
        let (policy, _) = load_policy(self.policy, commit, Some(commit.header().id))?;
        let cache = identities_file(self.repository);
        let known = || Index::decode(&repo::disk::read(cache.as_ref()?, MAX_CACHE_BYTES).ok()??);
        let request = RecordedStateRequest {
            rules: self.rules,
            repository: self.repository,
            head: commit,
            record,
            policy: &policy,
            today: environment::today(),
            only_warns,
            is_settled,
            known_index: &known,
        };
        Ok(MergedState { findings: check_recorded_state(&request)?, messages: Vec::new() })
    }

    /// Compares the tags of this clone with the ledger.
    pub(crate) fn check_tags(&self) -> Result<MergedState, CommandError> {
        let main = self.main_branch()?;
        let commit = self.repository.commit(main.tip)?;
        let (policy, _) = load_policy(self.policy, &commit, Some(main.tip))?;
        let beside = self.record_of(&commit)?;
        let record = beside.as_ref().unwrap_or(&commit);
        let files = InSnapshot(record);
        let tags = recorded(&files)?;
        let mut state = MergedState::default();
        if !tags.faults.is_empty() || tags.tags.is_empty() && tags.untagged.is_empty() {
            return Ok(state);
        }
        let here = ref_tags::local(self.repository, &tags)?;
        if here.is_empty() && !tags.tags.is_empty() {
            state.messages.push(TAGS_NOT_CHECKED.into());
        }
        let places = [PlacedTags { place: "here", is_here: true, found: &here }];
        let found = check_tags(self.rules, &files, &tags, &places, &policy, environment::today())?;
        let lowered = |mut finding: Diagnostic| {
            if !main.contains_head {
                finding.level = finding.level.min(diagnostic::Level::Warn);
            }
            finding
        };
        state.findings.extend(found.into_iter().map(lowered));
        Ok(state)
    }

    /// Finds the commit of the separate branch with the ledger; `None` where the commit itself has the ledger, or no such branch is here.
    fn record_of(&self, commit: &Commit<'_>) -> Result<Option<Commit<'m>>, CommandError> {
        let files = InSnapshot(commit);
        if read_checkpoint(&files)?.is_some() || has_lines(&files)? {
            return Ok(None);
        }
        for place in ["refs/remotes/origin", "refs/heads"] {
            if let Some(id) = self.repository.reference(&format!("{place}/{LEDGER_BRANCH}"))? {
                return Ok(Some(self.repository.commit(id)?));
            }
        }
        Ok(None)
    }

    /// Finds the main branch, and whether it contains the commit.
    fn main_branch(&self) -> Result<MainBranch, CommandError> {
        let tips = main_branch_tips(self.repository)?;
        for &tip in &tips {
            // Of a shallow clone, the rest of the history is unknown: only the tip itself is known to be on the branch.
            let contains_head =
                tip == self.head || is_ancestor(self.repository.objects(), self.head, tip).unwrap_or(false);
            if contains_head {
                return Ok(MainBranch { tip, contains_head });
            }
        }
        Ok(match tips.first() {
            Some(&tip) => MainBranch { tip, contains_head: false },
            None => MainBranch { tip: self.head, contains_head: true },
        })
    }
}

/// The newest known commit of the main branch.
struct MainBranch {
    tip: ObjectId,
    contains_head: bool,
}

/// Returns the tips of the main branch: at the remote, as far as it was fetched, and here; without a remote, the branch with a usual name, else the one
/// that is checked out.
fn main_branch_tips(repository: &Repository) -> Result<Vec<ObjectId>, CommandError> {
    let place = "refs/remotes/origin/";
    let there = mainline_at(repository, place);
    let names = match there.as_deref().and_then(|name| name.strip_prefix(place)) {
        Some(name) => vec![format!("{place}{name}"), format!("refs/heads/{name}")],
        None => {
            mainline_at(repository, "refs/heads/").or_else(|| repository.head_branch()).into_iter().collect()
        }
    };
    let mut tips = Vec::new();
    for name in names {
        tips.extend(repository.reference(&name)?);
    }
    Ok(tips)
}

/// Adds findings that a run may have already: the higher level counts.
pub(crate) fn add_state(report: &mut Report, state: MergedState) {
    for finding in state.findings {
        let print = finding.fingerprint();
        match report.findings.iter_mut().find(|known| known.fingerprint() == print) {
            Some(known) => known.level = known.level.max(finding.level),
            None => report.findings.push(finding),
        }
    }
    report.messages.extend(state.messages);
    report.findings.sort_by(Diagnostic::order);
}
