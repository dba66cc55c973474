//! The list of known findings as a file: `--baseline` reads it, and `audit --write-baseline` writes it.

use std::path::Path;

use diagnostic::{Diagnostic, Report, Status};
use policy::{KnownFinding, KnownFindings, write_known_findings};

use crate::error::CommandError;

/// Reads a list that the operator names.
pub(super) fn read_known_findings(file: &Path) -> Result<KnownFindings, CommandError> {
    let text = repo::disk::read(file, KnownFindings::MAX_BYTES)?;
    let name = file.display().to_string();
    let text =
        text.ok_or_else(|| CommandError::failed(format!("the list of known findings is missing: {name}")))?;
    Ok(KnownFindings::parse(&name, text)?)
}

/// The list that an audit was given, and what of it still occurs.
pub(super) struct Listed {
    kept: Vec<KnownFinding>,
    gone: usize,
    /// Whether the file exists: then it only shrinks.
    exists: bool,
}

impl Listed {
    /// Splits a list; `gone` are the positions of what no longer occurs, in their order.
    pub(super) fn new(known: KnownFindings, gone: &[usize], exists: bool) -> Listed {
        let occurs = |(at, entry)| gone.binary_search(&at).is_err().then_some(entry);
        let kept = known.entries.into_iter().enumerate().filter_map(occurs).collect();
        Listed { kept, gone: gone.len(), exists }
    }

    /// Writes the list: what still occurs of it and, where it is new or `accepts_new`, the findings of the report that can be listed.
    ///
    /// What is listed becomes known in the report.
    pub(super) fn write(
        self,
        file: &Path,
        accepts_new: bool,
        report: &mut Report,
    ) -> Result<(), CommandError> {
        if !report.errors.is_empty() {
            // A list of what an incomplete run found would hide nothing, and look complete.
            return Ok(());
        }
        report.findings.retain(|finding| finding.rule.id != codes::KNOWN_FINDING_GONE);
        let adds = accepts_new || !self.exists;
        let (mut entries, mut added, mut new) = (self.kept, 0, 0);
        for finding in report.findings.iter_mut().filter(|finding| !finding.is_accepted()) {
            let Some(entry) = KnownFinding::of(finding) else { continue };
            if adds {
                finding.status = Status::Known;
                entries.push(entry);
                added += 1;
            } else {
                new += 1;
            }
        }
        report.findings.sort_by(Diagnostic::order);
        let text = write_known_findings(entries);
        let lines = text.lines().count();
        repo::disk::write(file, text.as_bytes())?;
        let place = file.display();
        let findings = |number: usize, what: &str| match number {
            1 => format!("1 {what} finding"),
            _ => format!("{number} {what} findings"),
        };
        let mut message = format!("wrote {place}: {}", findings(lines, "known"));
        if self.exists {
            message += &format!(" ({added} added, {} removed)", self.gone);
        }
        report.messages.push(message);
        if new > 0 {
            let new = findings(new, "new");
            report.messages.push(format!("{new} not added: fix the cause, or pass --accept-new"));
        }
        let cannot_be_listed = |finding: &&Diagnostic| finding.fails() && KnownFinding::of(finding).is_none();
        let others = report.findings.iter().filter(cannot_be_listed).count();
        if others > 0 {
            let others = findings(others, "other");
            report.messages.push(format!(
                "{others} not listed: only findings about commits can be known, and none of the ledger"
            ));
        }
        Ok(())
    }
}
