//! Judging bare trees, without a repository: what is about to be written, and the cases beside the rules.

use std::collections::{BTreeMap, HashMap};

use diagnostic::{CheckError, CommitInfo, Diagnostic};
use policy::{Date, Policy};
use snapshot::{Change, Fault, Memory, ObjectId, RepoPath, Result, Snapshot, diff};

use crate::change::{ChangeContext, is_policy};
use crate::check::{finish, levels, unread};
use crate::judge::{Detail, Edge, Past, PastKnown, Sides, TreesKnown, judge};
use crate::lines::{self, LedgerChange};
use crate::telling::Scene;
use crate::{Check, CoverageReports, CustomRules, RULES, state};

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// Judges what `head` does to `base` under a policy.
///
/// # Errors
/// When a tree cannot be read, or custom rules give no verdict.
pub fn check_trees(
    policy: &Policy,
    base: &dyn Snapshot,
    head: &dyn Snapshot,
    faults: &[(RepoPath, Fault)],
    today: Date,
    custom: &CustomRules<'_>,
    coverage: CoverageReports<'_>,
) -> std::result::Result<Vec<Diagnostic>, CheckError> {
    let mut findings = judge_trees(policy, base, head, faults, today, coverage).map_err(unread)?;
    let changes = diff(base, head, &mut |_| true).map_err(unread)?;
    crate::custom_documents::judge(head, Some(&changes), policy, custom, &mut findings)?;
    levels(policy, &mut findings);
    finish(policy, today, false, &mut findings);
    Ok(findings)
}

fn judge_trees(
    policy: &Policy,
    base: &dyn Snapshot,
    head: &dyn Snapshot,
    faults: &[(RepoPath, Fault)],
    today: Date,
    coverage: CoverageReports<'_>,
) -> Result<Vec<Diagnostic>> {
    let changes = diff(base, head, &mut |_| true)?;
    let edge = Edge { changes: &changes, faults, secondary: false };
    let mut known = TreesKnown {
        before: vec![base],
        after: head,
        origin: base,
        removed: BTreeMap::new(),
        asked: HashMap::new(),
    };
    let mut contents = Sides { before: base, after: head, limit: LARGEST_FILE };
    let mut findings = Vec::new();
    for breach in judge(policy, &edge, &mut contents, &mut known)? {
        let mut scene = Scene { contents: &mut contents, first_set_in: None, restore_from: None };
        findings.push(crate::list::tell(&breach, &mut scene)?);
    }
    let governed = changes.iter().any(|change| is_policy(&change.path));
    let policy_errors = match governed {
        true => Policy::load(head).err().unwrap_or_default(),
        false => Vec::new(),
    };
    let context = ChangeContext { changes: &changes, head, policy_errors: &policy_errors };
    for rule in RULES {
        if let Check::Change(judge) = rule.check {
            judge(&context, &mut findings);
        }
    }
    let ledger = LedgerChange { before: base, after: head, changes: &changes, policy, history: None };
    lines::judge(&ledger, false, &mut findings)?;
    let sides = state::Sides { head, tip: Some(base), changes: Some(&changes), pushed: false, coverage };
    state::judge(policy, &sides, &|| None, today, &mut findings)?;
    Ok(findings)
}

/// Judges a history of trees, oldest first, the way an audit does. Step `n` is named by the id that begins with `n` in seven digits.
///
/// # Errors
/// When a tree cannot be read.
pub fn audit_trees(policy: &Policy, trees: &[Memory], today: Date) -> Result<Vec<Diagnostic>> {
    let mut past = Past::default();
    let mut findings = Vec::new();
    let empty = Memory::new();
    let step = |at: usize| {
        let id = ObjectId::from_hex(format!("{at:07}{}", "0".repeat(33)).as_bytes());
        CommitInfo { id: id.expect("forty digits"), author: "Ada <ada@example.org>".into(), time: at as i64 }
    };
    for (at, after) in trees.iter().enumerate() {
        let before = if at == 0 { &empty } else { &trees[at - 1] };
        let mut changes = diff(before, after, &mut |directory| policy.enters(directory))?;
        changes.retain(|change: &Change| policy.concerns(&change.path) || policy.enters(&change.path));
        past.begin(step(at + 1).id);
        past.learn_additions(&changes);
        let edge = Edge { changes: &changes, faults: &[], secondary: false };
        let mut contents = Sides { before, after, limit: LARGEST_FILE };
        let breaches = judge(policy, &edge, &mut contents, &mut PastKnown::new(&past, &changes, None, None))?;
        for breach in breaches {
            let mut scene = Scene { contents: &mut contents, first_set_in: None, restore_from: None };
            let mut finding = crate::list::tell(&breach, &mut scene)?;
            finding.commit = Some(step(at + 1));
            if let Detail::Removed { by: Some(by), .. } = breach.detail {
                finding.first_set_in = Some(CommitInfo { id: by, ..step(at) });
            }
            findings.push(finding);
        }
        past.learn_removals(&changes);
    }
    levels(policy, &mut findings);
    finish(policy, today, true, &mut findings);
    Ok(findings)
}
