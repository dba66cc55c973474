//! Faults of a ledger as findings, each at its line.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, Related};
use ledger::files::{FOLDER, Files, MAX_SEGMENT_BYTES, SEGMENT, segment_name};
use ledger::{Fault, FaultKind};
use policy::{Date, Policy};
use snapshot::{RepoPath, Result};

use crate::levels::finish_existing;
use crate::rule::{LedgerIssue, Rule};
use crate::rule_set::RuleSet;

/// Checks a ledger: reports its faults at the levels that policy sets, and applies waivers.
///
/// # Errors
/// When a file of the ledger cannot be read again.
pub fn check_ledger(
    rules: &[&'static Rule],
    files: &dyn Files,
    faults: &[Fault],
    policy: &Policy,
    today: Date,
) -> Result<Vec<Diagnostic>> {
    let mut findings = fault_findings(RuleSet(rules), files, faults)?;
    finish_existing(policy, today, &mut findings);
    Ok(findings)
}

/// Reports faults of a ledger with their rules, each at its line.
pub(super) fn fault_findings(
    rules: RuleSet<'_>,
    files: &dyn Files,
    faults: &[Fault],
) -> Result<Vec<Diagnostic>> {
    let mut texts: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let mut findings = Vec::new();
    for fault in faults {
        let text = match texts.get(&fault.file) {
            Some(text) => text,
            None => {
                let text = files.read(&fault.file, MAX_SEGMENT_BYTES)?;
                texts.entry(fault.file.clone()).or_insert(text)
            }
        };
        let path = RepoPath::from(FOLDER).join(fault.file.as_bytes());
        let place = match text {
            Some(text) if fault.line.is_some() => Location::at(&path, text, fault.span.clone()),
            _ => Location::of(&path),
        };
        let finding = rules.ledger_finding(LedgerIssue::Fault(fault.kind), fault.message.clone(), place);
        findings.extend(finding.map(|finding| match fault.because_of {
            None => finding,
            Some(line) => finding.related(Related {
                location: Location::of(&RepoPath::from(FOLDER).join(segment_name(line / SEGMENT).as_bytes())),
                commit: None,
                message: format!("line {} forbids it", line + 1),
            }),
        }));
    }
    Ok(findings)
}

/// Returns a fault of a whole file.
pub(super) fn fault_of_file(kind: FaultKind, file: &str, message: String) -> Fault {
    Fault { kind, file: file.into(), line: None, span: 0..0, message, because_of: None }
}

/// Returns the place of a fault.
pub(super) fn place_of_fault(files: &dyn Files, fault: &Fault) -> Result<Location> {
    let path = RepoPath::from(FOLDER).join(fault.file.as_bytes());
    Ok(match files.read(&fault.file, MAX_SEGMENT_BYTES)? {
        Some(text) => Location::at(&path, &text, fault.span.clone()),
        None => Location::of(&path),
    })
}
