//! Checks and audits of trees without a repository, for the cases of the rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diagnostic::{CommitInfo, Diagnostic};
use dialect::discover;
use policy::{Date, IgnoredKind, Policy};
use snapshot::{Change, Fault, Memory, ObjectId, RepoPath, Result, Snapshot, diff};

use crate::breach_context::BreachContext;
use crate::change::ChangeContext;
use crate::check::CoverageSearch;
use crate::custom_documents::{CustomRules, check_documents};
use crate::disciplines::{
    Documents, History, HistoryPriorState, PastElements, SnapshotContents, TreeDiff, TreePriorState,
    check_disciplines,
};
use crate::error::Error;
use crate::ledger_checks::{LedgerChange, check_ledger_change};
use crate::levels::{Seen, finish};
use crate::manifests::{ManifestRequest, check_touched};
use crate::paths::is_policy;
use crate::policy_change;
use crate::policy_coverage::GapSearch;
use crate::rule::Rule;
use crate::rule_set::RuleSet;
use crate::state::{CoverageReports, touches_identities};
use crate::state_checks::{BaseAndHead, check_artifacts};

/// The size limit of a file.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// How to check trees.
pub struct TreesRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The policy.
    pub policy: &'r Policy,
    /// The day of the run.
    pub today: Date,
    /// Evaluates the custom rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// The coverage reports.
    pub coverage: CoverageReports<'r>,
}

/// Checks the change from `base` to `head`.
///
/// # Errors
/// When a tree cannot be read, or custom rules cannot be evaluated.
pub fn check_trees(
    request: &TreesRequest<'_>,
    base: &dyn Snapshot,
    head: &dyn Snapshot,
    faults: &[(RepoPath, Fault)],
) -> std::result::Result<Vec<Diagnostic>, Error> {
    let (rules, policy) = (RuleSet(request.rules), request.policy);
    let changes = diff(base, head, &mut |_| true)?;
    let tree_diff = TreeDiff { changes: &changes, faults, secondary: false, before: Some(base) };
    let mut prior = TreePriorState {
        before: vec![base],
        after: head,
        origin: base,
        removed: BTreeMap::new(),
        lookups: HashMap::new(),
        past_elements: &|_, _, _| Ok(PastElements::new()),
    };
    let mut contents = SnapshotContents { before: base, after: head, limit: MAX_FILE_BYTES };
    let mut findings = Vec::new();
    let mut parsed = Documents::default();
    let breaches = check_disciplines(policy, &tree_diff, &mut contents, &mut prior, &mut parsed)?;
    for breach in &breaches {
        let mut context = BreachContext { contents: &mut contents, first_set_in: None, restore_from: None };
        findings.extend(rules.describe(breach, &mut context)?);
    }
    let own = Policy::load(head);
    let load_policy = || match &own {
        Ok(own) => policy_change::problems(policy, own, &|_| request.today),
        Err(error) => error.clone().into_check_errors(),
    };
    rules.check_change(&ChangeContext::new(&changes, base, head, &load_policy), &mut findings);
    if let Ok(own) = &own {
        let new = policy_change::new_ignored(policy, own);
        rules.check_ignored(new.filter(|ignored| ignored.what == IgnoredKind::File), &mut findings);
    }
    let touches_policy = changes.iter().any(|change| is_policy(&change.path));
    let own_policy = own.as_ref().ok().filter(|_| touches_policy);
    let search = CoverageSearch { base_policy: policy, own: own_policy, changes: &changes, base, head };
    findings.extend(search.describe(rules, &search.find(&|_| true)));
    let is_rewritten = breaches.iter().any(|breach| breach.rewrites_ledger());
    let ledger = LedgerChange {
        rules,
        before: base,
        after: head,
        changes: &changes,
        policy,
        is_rewritten,
        history: None,
    };
    check_ledger_change(&ledger, false, &mut findings)?;
    let touches_identities = touches_identities(head, base, &changes, &policy.layout)?;
    let discovery = discover(head, policy, Some(base))?;
    let claimed = discovery.claimed();
    let trees = BaseAndHead {
        head,
        tip: base,
        changes: &changes,
        touches_identities,
        pushed: false,
        open_tree: None,
        claimed: &claimed,
        coverage: request.coverage,
    };
    check_artifacts(rules, policy, &trees, &|| None, request.today, &mut findings, &mut Vec::new())?;
    check_documents(rules, head, Some(&changes), policy, request.custom, &mut findings)?;
    let manifests = ManifestRequest {
        rules: rules.0,
        head,
        discovery: &discovery,
        policy,
        custom: request.custom,
        repository_name: None,
    };
    findings.extend(check_touched(&manifests, base, &changes)?);
    finish(rules, policy, request.today, &Seen::Part, &mut findings);
    Ok(findings)
}

/// Audits a history of trees, oldest first. The id of step `n` begins with `n` in seven digits.
///
/// # Errors
/// When a tree cannot be read.
pub fn audit_trees(
    rules: &[&'static Rule],
    policy: &Policy,
    trees: &[Memory],
    today: Date,
) -> Result<Vec<Diagnostic>> {
    let rules = RuleSet(rules);
    let mut history = History::default();
    let (mut findings, mut parsed) = (Vec::new(), Documents::default());
    let empty = Memory::new();
    let step = |at: usize| {
        let id = ObjectId::from_hex(format!("{at:07}{}", "0".repeat(33)).as_bytes());
        CommitInfo { id: id.expect("forty digits"), author: "Ada <ada@example.org>".into(), time: at as i64 }
    };
    for (at, after) in trees.iter().enumerate() {
        let before = if at == 0 { &empty } else { &trees[at - 1] };
        let mut changes = diff(before, after, &mut |directory| policy.enters(directory))?;
        changes.retain(|change: &Change| policy.concerns(&change.path) || policy.enters(&change.path));
        history.begin(step(at + 1).id);
        history.learn_additions(&changes);
        let tree_diff = TreeDiff { changes: &changes, faults: &[], secondary: false, before: Some(before) };
        let mut contents = SnapshotContents { before, after, limit: MAX_FILE_BYTES };
        let mut prior = HistoryPriorState::new(&history, &changes, None, None);
        for breach in check_disciplines(policy, &tree_diff, &mut contents, &mut prior, &mut parsed)? {
            let mut context = BreachContext::new(&mut contents);
            let Some(mut finding) = rules.describe(&breach, &mut context)? else { continue };
            finding.commit = Some(step(at + 1));
            if let Some(by) = breach.removed_by() {
                finding.first_set_in = Some(CommitInfo { id: by, ..step(at) });
            }
            findings.push(finding);
        }
        history.learn_removals(&changes);
    }
    if let Some(last) = trees.last() {
        let search = GapSearch {
            policy,
            head: last,
            base: None,
            existed: &|discipline| history.governed(discipline),
            documents: &|_| GapSearch::MANY_DOCUMENTS,
            changes: &[],
            is_present: &|_| true,
        };
        let gaps = search.run()?.unwrap_or_default();
        findings.extend(gaps.iter().filter_map(|gap| rules.describe_gap(gap)));
    }
    finish(rules, policy, today, &Seen::Whole { left_out: &BTreeSet::new }, &mut findings);
    Ok(findings)
}
