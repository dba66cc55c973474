//! The end of every run: levels and waivers applied, consequences linked to causes, findings sorted.

use diagnostic::{Diagnostic, Level, Status};
use policy::{Date, Policy};

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

/// Applies levels and waivers, reports what is wrong with the waivers, and sorts.
pub(crate) fn finish(
    rules: RuleSet<'_>,
    policy: &Policy,
    today: Date,
    whole_history: bool,
    findings: &mut Vec<Diagnostic>,
) {
    apply_levels(policy, findings);
    let used = waivers::apply(policy, today, findings);
    let context = WaiverContext { policy, used: &used, today, whole_history };
    let mut about_waivers = Vec::new();
    rules.check_waivers(&context, &mut about_waivers);
    rules.check_ignored(policy.ignored.iter(), &mut about_waivers);
    about_waivers.iter_mut().for_each(|finding| finding.status = Status::Existing);
    apply_levels(policy, &mut about_waivers);
    findings.append(&mut about_waivers);
    link_causes(findings);
    findings.sort_by(Diagnostic::order);
}

/// Finishes findings about existing content that no change introduced: levels and waivers, without rules about waivers.
pub(crate) fn finish_existing(policy: &Policy, today: Date, findings: &mut Vec<Diagnostic>) {
    findings.iter_mut().for_each(|finding| finding.status = Status::Existing);
    apply_levels(policy, findings);
    waivers::apply(policy, today, findings);
    link_causes(findings);
    findings.sort_by(Diagnostic::order);
}
