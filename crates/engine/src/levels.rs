//! The end of every run: levels, waivers and known findings applied, consequences linked to causes, findings sorted.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Level, Status};
use policy::{Date, Policy};
use snapshot::ObjectId;

use crate::cascades::link_causes;
use crate::rule_set::RuleSet;
use crate::waivers::{self, WaiverContext};

/// Gives findings the level that policy sets for their rule, and drops those at `allow`.
pub(crate) fn apply_levels(policy: &Policy, findings: &mut Vec<Diagnostic>) {
    for finding in findings.iter_mut() {
        // A rule may report at a lower level than its own, never above what policy sets.
        if let Some(&level) = policy.levels.get(finding.rule.id.name) {
            let is_lowered = finding.level < finding.rule.id.level;
            finding.level = if is_lowered { finding.level.min(level) } else { level };
        }
    }
    findings.retain(|finding| finding.level != Level::Allow);
}

/// How much of the history a run has seen.
pub(crate) enum Seen<'s> {
    /// One change, or one tree.
    Part,
    /// The whole history, but the commits that the function returns: they are behind the head, and the walk does not follow them.
    Whole {
        /// Returns the commits behind the head that the walk leaves out.
        left_out: &'s dyn Fn() -> BTreeSet<ObjectId>,
    },
}

/// Applies levels, waivers and known findings, reports what is wrong with both lists, and sorts; returns the known findings that no
/// longer occur, by their position.
pub(crate) fn finish(
    rules: RuleSet<'_>,
    policy: &Policy,
    today: Date,
    seen: &Seen<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    apply_levels(policy, findings);
    let used = waivers::apply(policy, today, findings);
    let known = waivers::apply_known(policy, findings);
    let gone = match seen {
        Seen::Part => Vec::new(),
        Seen::Whole { left_out } => gone(policy, &known, left_out),
    };
    let whole_history = matches!(seen, Seen::Whole { .. });
    let context = WaiverContext { policy, used: &used, today, whole_history, gone: &gone };
    let mut about_waivers = Vec::new();
    rules.check_waivers(&context, &mut about_waivers);
    rules.check_ignored(policy.ignored.iter(), &mut about_waivers);
    about_waivers.iter_mut().for_each(|finding| finding.status = Status::Existing);
    apply_levels(policy, &mut about_waivers);
    findings.append(&mut about_waivers);
    link_causes(findings);
    findings.sort_by(Diagnostic::order);
    gone
}

/// Returns the known findings that occur in none of the commits that were audited.
fn gone(policy: &Policy, known: &[bool], left_out: &dyn Fn() -> BTreeSet<ObjectId>) -> Vec<usize> {
    let mut gone: Vec<usize> = (0..known.len()).filter(|&at| !known[at]).collect();
    if !gone.is_empty() {
        let left_out = left_out();
        gone.retain(|&at| policy.known.entries[at].commit.is_none_or(|commit| !left_out.contains(&commit)));
    }
    gone
}

/// Finishes findings about existing content that no change introduced: levels and waivers, without rules about waivers.
pub fn finish_existing(policy: &Policy, today: Date, findings: &mut Vec<Diagnostic>) {
    findings.iter_mut().for_each(|finding| finding.status = Status::Existing);
    apply_levels(policy, findings);
    waivers::apply(policy, today, findings);
    waivers::apply_known(policy, findings);
    link_causes(findings);
    findings.sort_by(Diagnostic::order);
}
