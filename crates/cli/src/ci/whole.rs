//! Everything that stands: the history, every artifact, the ledger with its derivation, the tags here and at the remote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use artifact::layout::{PLUGINS, SPEC};
use diagnostic::{Diagnostic, NoVerdict, Report};
use snapshot::{RepoPath, Snapshot as _};

use super::fetch::{COMMAND, has_remote, tracking};
use crate::arguments::{
    AuditArguments, CiArguments, Common, LedgerAt, StructureArguments, TagVerifyArguments, VerifyArguments,
};
use crate::{base, ledger, run, structure, tag};

/// The branch that `--writer branch` writes.
const LEDGER_BRANCH: &str = "id-guard/ledger";

/// Judges all of it, in one report.
pub(super) fn audit(arguments: &CiArguments, head: &str) -> Result<Report, Vec<NoVerdict>> {
    let common = || Common::at(&arguments.repo);
    let head = head.to_string();
    let mut report =
        run::judge_audit(&AuditArguments { head: head.clone(), ..AuditArguments::of(common()) }, &[])?;
    let artifacts = StructureArguments { head: Some(head.clone()), ..StructureArguments::of(common()) };
    let mut artifacts = structure::judge(&artifacts)?;
    let waiting = leave_waiting(&arguments.repo, &head, &mut artifacts)?;
    absorb(&mut report, "artifacts", artifacts);
    report.messages.extend(waiting);
    let Some(ledger) = ledger_at(arguments, &head)? else {
        report.messages.push("there is no ledger here, and so no tag that it tells of".into());
        return Ok(report);
    };
    let head = ledger;
    let verify = VerifyArguments { rev: Some(head.clone()), rederive: true, ..VerifyArguments::of(common()) };
    absorb(&mut report, "ledger", ledger::verify::verify(&verify).map_err(|refusal| vec![refusal.into()])?);
    let remote = has_remote(&run::open(&arguments.repo)?, &arguments.remote)?;
    let remote = remote.then(|| arguments.remote.clone());
    let tags = TagVerifyArguments { common: common(), ledger: LedgerAt { rev: head, remote } };
    absorb(&mut report, "tags", tag::judged(&tags).map_err(|refusal| vec![refusal.into()])?);
    report.findings.sort_by(diagnostic::Diagnostic::order);
    Ok(report)
}

/// Where the ledger stands: in what is judged, or on the branch beside it that `--writer branch` writes.
pub(super) fn ledger_at(arguments: &CiArguments, head: &str) -> Result<Option<String>, Vec<NoVerdict>> {
    let is_begun = |rev: &str| ledger::is_begun(&arguments.repo, rev).map_err(|refusal| vec![refusal.into()]);
    if is_begun(head)? {
        return Ok(Some(head.into()));
    }
    let repository = run::open(&arguments.repo)?;
    if !has_remote(&repository, &arguments.remote)? {
        return Ok(None);
    }
    let noted = tracking(&arguments.remote, LEDGER_BRANCH);
    let refspec = format!("+refs/heads/{LEDGER_BRANCH}:{noted}");
    let command = [&COMMAND[..], &["--", &arguments.remote, &refspec]].concat();
    let fetched = repository.git(&command, &[], &[]).map_err(run::one)?.ok;
    Ok(if fetched && is_begun(&noted)? { Some(noted) } else { None })
}

/// Folders that hold no spec are no plugins yet, and wait: a change of them is judged, and the card of a plugin that lost its spec is told of.
fn leave_waiting(repo: &Path, head: &str, report: &mut Report) -> Result<Vec<String>, Vec<NoVerdict>> {
    let repository = run::open(repo)?;
    let id = base::commit(&repository, head).map_err(|error| vec![error])?;
    let commit = repository.commit(id).map_err(run::one)?;
    let mut waiting: BTreeMap<RepoPath, bool> = BTreeMap::new();
    for finding in &report.findings {
        let Some(folder) = finding.location.as_ref().and_then(|at| plugin_of(&at.path)) else { continue };
        let has_spec = commit.find(&folder.join(SPEC.as_bytes())).map_err(run::one)?.is_some();
        waiting.insert(folder, !has_spec);
    }
    report.findings.retain(|finding| {
        let folder = finding.location.as_ref().and_then(|at| plugin_of(&at.path));
        folder.is_none_or(|folder| waiting.get(&folder) != Some(&true))
    });
    let waiting = waiting.into_iter().filter(|(_, waits)| *waits);
    Ok(waiting
        .map(|(folder, _)| {
            let folder = diagnostic::sanitise::path(&folder);
            format!("{folder} holds no {SPEC}, and is judged once it does or is changed")
        })
        .collect())
}

/// The plugin's folder that a path is, or lies in.
fn plugin_of(path: &RepoPath) -> Option<RepoPath> {
    let mut names = path.components();
    let is_plugins = names.next() == Some(PLUGINS.as_bytes());
    let name = names.next().filter(|_| is_plugins)?;
    Some(RepoPath::from(PLUGINS).join(name))
}

/// Takes over what another judgement found; what both found stands once.
fn absorb(report: &mut Report, what: &str, other: Report) {
    let known: BTreeSet<String> = report.findings.iter().map(diagnostic::Diagnostic::fingerprint).collect();
    report
        .findings
        .extend(other.findings.into_iter().filter(|finding| !known.contains(&finding.fingerprint())));
    // A waiver that the history has no use for may be what keeps this quiet.
    let used: BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.waived_by.is_some())
        .map(|finding| finding.rule.code)
        .collect();
    let unused = |finding: &Diagnostic| {
        finding.rule.code == "POL005"
            && used.iter().any(|code| finding.message.contains(&format!(" of {code} ")))
    };
    report.findings = report.findings.iter().filter(|finding| !unused(finding)).cloned().collect();
    report.messages.extend(other.messages.into_iter().map(|message| format!("{what}: {message}")));
    report.errors.extend(other.errors);
}
