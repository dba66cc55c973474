//! Everything that stands: the history, every artifact, the ledger with its derivation, the tags here and at the remote.

use std::collections::{BTreeMap, BTreeSet};

use artifact::layout::{PLUGINS, SPEC};
use diagnostic::{CheckError, Diagnostic, Location, Report};
use policy::{Policy, WAIVERS_PATH, Waiver};
use repo::Commit;
use snapshot::{RepoPath, Snapshot as _};

use crate::arguments::{
    AuditArguments, CiArguments, Common, LEDGER_BRANCH, LedgerAt, StructureArguments, TagVerifyArguments,
    VerifyArguments,
};
use crate::guard::audit::judge_audit;
use crate::remote::{FETCH, is_there, tracking};
use crate::{base, ledger, session, structure, tag};

/// Judges all of it, in one report.
pub(super) fn audit(arguments: &CiArguments, head: &str) -> Result<Report, Vec<CheckError>> {
    let common = || Common::at(&arguments.place.repo);
    let mut report =
        judge_audit(&AuditArguments { head: head.into(), ..AuditArguments::of(common()) }, rules::ALL)?;
    let artifacts = StructureArguments { head: Some(head.into()), ..StructureArguments::of(common()) };
    let mut artifacts = structure::judge(&artifacts)?;
    let repository = session::open(&arguments.place.repo)?;
    let id = base::commit(&repository, head).map_err(|error| vec![error])?;
    let commit = repository.commit(id).map_err(session::one)?;
    let waiting = leave_waiting(&commit, &mut artifacts)?;
    absorb(&mut report, "artifacts", artifacts);
    report.messages.extend(waiting);
    match ledger_at(arguments, head)? {
        None => report.messages.push("there is no ledger here, and so no tag that it tells of".into()),
        Some(rev) => {
            let verify =
                VerifyArguments { rev: Some(rev.clone()), rederive: true, ..VerifyArguments::of(common()) };
            let verified = ledger::verify::verify(&verify).map_err(|refusal| vec![refusal.into()])?;
            absorb(&mut report, "ledger", verified);
            let remote = is_there(&repository, &arguments.remote)?.then(|| arguments.remote.clone());
            let tags = TagVerifyArguments { common: common(), ledger: LedgerAt { rev, remote } };
            absorb(&mut report, "tags", tag::judged(&tags).map_err(|refusal| vec![refusal.into()])?);
        }
    }
    forget_used_waivers(&commit, &mut report)?;
    report.findings.sort_by(diagnostic::Diagnostic::order);
    Ok(report)
}

/// A waiver that the history alone has no use for may be what keeps something else quiet.
fn forget_used_waivers(commit: &Commit<'_>, report: &mut Report) -> Result<(), Vec<CheckError>> {
    let policy = Policy::load(commit)?;
    let waived: Vec<&Diagnostic> =
        report.findings.iter().filter(|finding| finding.waived_by.is_some()).collect();
    let is_used = |waiver: &&Waiver| {
        waived.iter().any(|finding| {
            let path = finding.location.as_ref().map(|at| at.path.as_bytes()).unwrap_or_default();
            waiver.covers(finding.rule.id.code, path, finding.commit.as_ref().map(|commit| commit.id))
        })
    };
    let place = |waiver: &Waiver| {
        Location::at(&RepoPath::from(WAIVERS_PATH), &policy.waivers_text, waiver.span.clone())
    };
    let used: Vec<Location> = policy.waivers.iter().filter(is_used).map(place).collect();
    let is_of_used = |finding: &Diagnostic| {
        finding.rule.id.code == "POL005" && finding.location.as_ref().is_some_and(|at| used.contains(at))
    };
    let kept: Vec<Diagnostic> =
        report.findings.iter().filter(|finding| !is_of_used(finding)).cloned().collect();
    report.findings = kept;
    Ok(())
}

/// Where the ledger stands: in what is judged, or on the branch beside it that `--writer branch` writes.
pub(super) fn ledger_at(arguments: &CiArguments, head: &str) -> Result<Option<String>, Vec<CheckError>> {
    let is_begun =
        |rev: &str| ledger::is_begun(&arguments.place.repo, rev).map_err(|refusal| vec![refusal.into()]);
    if is_begun(head)? {
        return Ok(Some(head.into()));
    }
    let repository = session::open(&arguments.place.repo)?;
    if !is_there(&repository, &arguments.remote)? {
        return Ok(None);
    }
    let noted = tracking(&arguments.remote, LEDGER_BRANCH);
    let refspec = format!("+refs/heads/{LEDGER_BRANCH}:{noted}");
    let command = [&FETCH[..], &["--", &arguments.remote, &refspec]].concat();
    let fetched = repository.git(&command, &[], &[]).map_err(session::one)?.succeeded();
    Ok(if fetched && is_begun(&noted)? { Some(noted) } else { None })
}

/// Folders that hold no spec are no plugins yet, and wait: a change of them is judged, and the card of a plugin that lost its spec is told of.
fn leave_waiting(commit: &Commit<'_>, report: &mut Report) -> Result<Vec<String>, Vec<CheckError>> {
    let mut waiting: BTreeMap<RepoPath, bool> = BTreeMap::new();
    for finding in &report.findings {
        let Some(folder) = finding.location.as_ref().and_then(|at| plugin_of(&at.path)) else { continue };
        let has_spec = commit.find(&folder.join(SPEC.as_bytes())).map_err(session::one)?.is_some();
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
    report.messages.extend(other.messages.into_iter().map(|message| format!("{what}: {message}")));
    report.errors.extend(other.errors);
}
