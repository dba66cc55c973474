//! Judging a whole tree as it stands: every card, plugin, document and pack, without asking what changed.

use diagnostic::{CheckError, CheckedRange, Report, Status};
use ledger::files::InSnapshot;
use policy::{Date, Policy};
use snapshot::Snapshot;

use crate::check::{finish, levels, unread};
use crate::lines::{Published, judge_standing};
use crate::state::{self, Index};
use crate::{Check, CoverageReports, CustomRules, RULES, custom_documents as custom};

/// What to judge.
pub struct WholeRequest<'r> {
    /// The tree.
    pub head: &'r dyn Snapshot,
    /// The policy.
    pub policy: &'r Policy,
    /// Where the policy came from.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// Opens what was published.
    pub published: &'r Published<'r>,
    /// Asked for what an earlier run knew of the identities: saves reading them again, and changes nothing else.
    pub known: &'r dyn Fn() -> Option<Index>,
    /// Evaluates the custom rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// What tests ran, as reports tell it; empty where the run is given none.
    pub coverage: CoverageReports<'r>,
}

/// Judges every artifact of a tree; returns the report, and the identities where they are news.
///
/// # Errors
/// When there is no verdict: something cannot be read, a limit.
pub fn whole(request: &WholeRequest<'_>) -> Result<(Report, Option<Index>), CheckError> {
    let mut findings = Vec::new();
    let known = (request.known)();
    let known: Vec<&Index> = known.iter().collect();
    let index = Index::build(request.head, &known).map_err(unread)?;
    let coverage = state::Covered::new(request.coverage);
    let wanted = state::Wanted {
        head: request.head,
        changes: None,
        identities: true,
        tip: None,
        index: &index,
        standing: None,
        pushed: false,
        policy: request.policy,
        today: request.today,
        coverage: &coverage,
    };
    let count = state::judge_whole(&wanted, &mut findings).map_err(unread)?;
    custom::judge(request.head, None, request.policy, request.custom, &mut findings)?;
    let files = InSnapshot(request.head);
    let changed = judge_standing(request.head, &files, request.published, request.policy, request.today);
    findings.extend(changed.map_err(unread)?.findings);
    let rules = RULES.iter().filter(|rule| matches!(rule.check, Check::State(_))).count() as u64;
    findings.iter_mut().for_each(|finding| finding.status = Status::Existing);
    levels(request.policy, &mut findings);
    finish(request.policy, request.today, false, &mut findings);
    let checked = CheckedRange {
        command: "structure".into(),
        head: Some(request.head.name()),
        policy: Some(request.policy_name.clone()),
        files: count,
        cards: index.cards.len() as u64,
        rules,
        ..CheckedRange::default()
    };
    let news = !known.contains(&&index);
    Ok((Report { checked, findings, ..Report::default() }, news.then_some(index)))
}
