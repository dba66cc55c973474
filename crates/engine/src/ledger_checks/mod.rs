//! Checks of the ledger: what a change does to `.ledger/`, its requests, and whether the result could be recorded after the merge.

mod added_lines;
mod faults;
mod input;
mod published;
mod requests;

use added_lines::check_lines;
use diagnostic::{Diagnostic, Location};
pub use faults::check_ledger;
pub(crate) use input::{LedgerChange, LedgerHistory};
use input::{in_directory, read_whole};
use ledger::FaultKind;
use ledger::derive::is_on_mainline;
use ledger::files::{ATTESTATIONS, CHECKPOINT, FOLDER, PENDING};
use published::check_published_change;
pub use published::{OpenPublished, PublishedState, check_published};
pub(crate) use published::{UnrecordedVersion, unrecorded_versions};
use requests::{check_attestation, check_recordable, check_requests, has_requests};
use snapshot::{Change, Error, ObjectId, RepoPath, Result};

use crate::paths::is_ledger;
use crate::rule::LedgerIssue;

/// Checks what a change does to the ledger, and what of it could not be recorded after the merge.
///
/// `records_events` is whether the change may lead to events.
pub(crate) fn check_ledger_change(
    change: &LedgerChange<'_>,
    records_events: bool,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let touched: Vec<&Change> = change.changes.iter().filter(|change| is_ledger(&change.path)).collect();
    let checkpoint = RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes());
    let has_ledger = change.before.find(&checkpoint)?.is_some();
    let has_requests = has_requests(change)?;
    // A ledger that is kept elsewhere, or starts later, records the versions on the base branch as well.
    let tip = change.history.as_ref().map_or(change.before, |history| history.tip);
    if tip.find(&checkpoint)?.is_some() || change.policy.ledger.origin.is_some() {
        check_published_change(change, findings)?;
    }
    let pushed = change.history.as_ref().is_some_and(|history| history.pushed);
    if touched.is_empty() && !has_requests && !(has_ledger && (records_events || pushed)) {
        return Ok(());
    }
    let mut others = Vec::new();
    for touched in touched {
        if in_directory(&touched.path, ATTESTATIONS) {
            check_attestation(change, touched, findings)?;
        } else if !in_directory(&touched.path, PENDING) {
            others.push(touched);
        }
    }
    check_requests(change, findings)?;
    let records = records_events || has_requests;
    match check_recorded(change, &others, has_ledger && pushed, records, findings) {
        // A ledger that cannot be read after a change of recorded lines: that change is reported already.
        Err(Error::Refused { .. } | Error::Corrupt { .. } | Error::TooLarge { .. })
            if change.is_rewritten =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Checks the lines of the ledger and what of the change can be recorded, also after a change of recorded lines.
fn check_recorded(
    change: &LedgerChange<'_>,
    others: &[&Change],
    pushed: bool,
    records: bool,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    if !others.is_empty() {
        let before = read_whole(change.before, change.policy.ledger.mode)?;
        check_lines(change, others, before, findings)?;
    }
    if pushed {
        check_pushed_branch(change, findings)?;
    }
    if records {
        check_recordable(change, findings)?;
    }
    Ok(())
}

/// Checks that a pushed branch still contains the last recorded commit: otherwise nothing can be recorded any more.
fn check_pushed_branch(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(history) = &change.history else { return Ok(()) };
    let last = read_whole(change.before, change.policy.ledger.mode)?
        .read
        .last_src
        .and_then(|src| ObjectId::from_hex(src.as_bytes()));
    let Some(last) = last else { return Ok(()) };
    if !is_on_mainline(history.repository, last, history.mainline)? {
        let message = format!(
            "the branch no longer contains commit {last}, which the ledger records: it was rewritten, or merged with swapped parents"
        );
        let place = Location::of(&RepoPath::from(FOLDER));
        let issue = LedgerIssue::Fault(FaultKind::NotDerivable);
        findings.extend(change.rules.ledger_finding(issue, message, place));
    }
    Ok(())
}
