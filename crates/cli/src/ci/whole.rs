//! Everything that stands: the history, every artifact, the ledger with its derivation, the tags here and at the remote.

use diagnostic::{NoVerdict, Report};

use super::fetch::has_remote;
use crate::arguments::{
    AuditArguments, CiArguments, Common, LedgerAt, StructureArguments, TagVerifyArguments, VerifyArguments,
};
use crate::{ledger, run, structure, tag};

/// Judges all of it, in one report.
pub(super) fn audit(arguments: &CiArguments, head: &str) -> Result<Report, Vec<NoVerdict>> {
    let common = || Common::at(&arguments.repo);
    let head = head.to_string();
    let mut report =
        run::judge_audit(&AuditArguments { head: head.clone(), ..AuditArguments::of(common()) }, &[])?;
    let artifacts = StructureArguments { head: Some(head.clone()), ..StructureArguments::of(common()) };
    absorb(&mut report, "artifacts", structure::judge(&artifacts)?);
    if !ledger::is_begun(&arguments.repo, &head).map_err(|refusal| vec![refusal.into()])? {
        report.messages.push("there is no ledger here, and so no tag that it tells of".into());
        return Ok(report);
    }
    let verify = VerifyArguments { rev: Some(head.clone()), rederive: true, ..VerifyArguments::of(common()) };
    absorb(&mut report, "ledger", ledger::verify::verify(&verify).map_err(|refusal| vec![refusal.into()])?);
    let remote = has_remote(&run::open(&arguments.repo)?, &arguments.remote)?;
    let remote = remote.then(|| arguments.remote.clone());
    let tags = TagVerifyArguments { common: common(), ledger: LedgerAt { rev: head, remote } };
    absorb(&mut report, "tags", tag::judged(&tags).map_err(|refusal| vec![refusal.into()])?);
    report.findings.sort_by(diagnostic::Diagnostic::order);
    Ok(report)
}

/// Takes over what another judgement found; what both found stands once.
fn absorb(report: &mut Report, what: &str, other: Report) {
    let known: std::collections::BTreeSet<String> =
        report.findings.iter().map(diagnostic::Diagnostic::fingerprint).collect();
    report
        .findings
        .extend(other.findings.into_iter().filter(|finding| !known.contains(&finding.fingerprint())));
    report.messages.extend(other.messages.into_iter().map(|message| format!("{what}: {message}")));
    report.errors.extend(other.errors);
}
