//! Checks a full tree: every card, plugin, document and pack, without a change.

use diagnostic::{CheckedRange, Report, Status};
use dialect::discover;
use index::Index;
use ledger::files::InSnapshot;
use policy::{Date, Policy};
use snapshot::Snapshot;

use crate::custom_documents::{CustomRules, check_documents};
use crate::error::Error;
use crate::ledger_checks::{OpenPublished, check_published, unrecorded_versions};
use crate::levels::{Seen, finish};
use crate::manifests::{ManifestRequest, check_manifests};
use crate::recorded_state::expects_record;
use crate::rule::Rule;
use crate::rule_set::RuleSet;
use crate::state::{CoverageReports, Covered, StateInput, identified_documents};
use crate::state_checks::check_all_artifacts;

/// What to check.
pub struct FullTreeRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The tree.
    pub head: &'r dyn Snapshot,
    /// The policy.
    pub policy: &'r Policy,
    /// The name of the policy in the report.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// Whether the tree is that of the main branch, on which everything must be recorded.
    pub is_merged: bool,
    /// Opens published objects.
    pub published: &'r OpenPublished<'r>,
    /// Returns the index of an earlier run: it saves reading, and changes nothing else.
    pub known_index: &'r dyn Fn() -> Option<Index>,
    /// Evaluates the custom rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// The coverage reports; empty where the run is given none.
    pub coverage: CoverageReports<'r>,
}

/// Checks every artifact of a tree; returns the report, and the index where it differs from the known one.
///
/// # Errors
/// When the check could not run: something cannot be read, or exceeds a limit.
pub fn check_full_tree(request: &FullTreeRequest<'_>) -> Result<(Report, Option<Index>), Error> {
    let rules = RuleSet(request.rules);
    let mut findings = Vec::new();
    let known = (request.known_index)();
    let known: Vec<&Index> = known.iter().collect();
    let built = Index::build(request.head, &request.policy.layout, &known)?;
    let mut index = built.clone();
    let identified = identified_documents(request.head)?;
    index.add_documents(request.head, &identified)?;
    let discovery = discover(request.head, request.policy, None)?;
    let claimed = discovery.claimed();
    let coverage = Covered::new(request.coverage, &request.policy.layout);
    let input = StateInput {
        head: request.head,
        changes: None,
        has_identities: true,
        tip: None,
        index: &index,
        claimed: &claimed,
        identified: &identified,
        open_tree: None,
        base_index: None,
        pushed: request.is_merged,
        policy: request.policy,
        today: request.today,
        coverage: &coverage,
    };
    let files = check_all_artifacts(rules, &input, &mut findings)?;
    check_documents(rules, request.head, None, request.policy, request.custom, &mut findings)?;
    let manifests = ManifestRequest {
        rules: request.rules,
        head: request.head,
        discovery: &discovery,
        policy: request.policy,
        custom: request.custom,
        repository_name: None,
    };
    findings.extend(check_manifests(&manifests, &|_| true)?);
    let ledger = InSnapshot(request.head);
    let published = check_published(
        request.rules,
        request.head,
        &ledger,
        request.published,
        request.policy,
        request.today,
    )?;
    findings.extend(published.findings);
    if request.is_merged && expects_record(&ledger, request.policy)? {
        for version in unrecorded_versions(request.head, &index, &ledger)? {
            findings.extend(version.finding(rules));
        }
    }
    findings.iter_mut().for_each(|finding| finding.status = Status::Existing);
    finish(rules, request.policy, request.today, &Seen::Part, &mut findings);
    let checked = CheckedRange {
        command: "structure".into(),
        head: Some(request.head.name()),
        policy: Some(request.policy_name.clone()),
        files,
        cards: index.cards.len() as u64,
        rules: rules.count_of_state(),
        ..CheckedRange::default()
    };
    let is_news = !known.contains(&&built);
    Ok((Report { checked, findings, ..Report::default() }, is_news.then_some(built)))
}
