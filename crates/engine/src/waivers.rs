//! Waivers and known findings: the findings that each one covers.

use diagnostic::{Diagnostic, Status, WaivedBy};
use policy::{Date, Policy, WaiverIndex};

/// What a rule about waivers and known findings may read.
pub struct WaiverContext<'c> {
    /// The policy that contains them.
    pub policy: &'c Policy,
    /// For each waiver, whether it covered a finding.
    pub used: &'c [bool],
    /// The day of the run.
    pub today: Date,
    /// Whether the whole history was audited, so that a waiver without a finding is unused.
    pub whole_history: bool,
    /// The known findings that no longer occur, by their position in the list; empty unless the whole history was audited.
    pub gone: &'c [usize],
}

/// Marks the findings that a waiver covers; returns for each waiver whether it covered one.
pub(crate) fn apply(policy: &Policy, today: Date, findings: &mut [Diagnostic]) -> Vec<bool> {
    let mut used = vec![false; policy.waivers.len()];
    let index = WaiverIndex::new(&policy.waivers);
    for finding in findings {
        let path =
            finding.location.as_ref().map(|location| location.path.as_bytes().to_vec()).unwrap_or_default();
        let commit = finding.commit.as_ref().map(|commit| commit.id);
        for at in index.candidates(finding.rule.id.code, &path) {
            let waiver = &policy.waivers[at];
            if !waiver.is_expired(today) && waiver.covers(finding.rule.id.code, &path, commit) {
                used[at] = true;
                finding.waived_by.get_or_insert_with(|| WaivedBy {
                    owner: waiver.owner.clone(),
                    reason: waiver.reason.clone(),
                    until: waiver.until.to_string(),
                });
            }
        }
    }
    used
}

/// Marks the findings that the list of known findings contains; returns for each entry whether it contained one.
///
/// What a waiver covers stays waived: the waiver has an end.
pub(crate) fn apply_known(policy: &Policy, findings: &mut [Diagnostic]) -> Vec<bool> {
    let mut used = vec![false; policy.known.entries.len()];
    for finding in findings {
        let entries = policy.known.find(finding);
        if !entries.is_empty() && finding.waived_by.is_none() {
            finding.status = Status::Known;
        }
        entries.into_iter().for_each(|at| used[at] = true);
    }
    used
}
