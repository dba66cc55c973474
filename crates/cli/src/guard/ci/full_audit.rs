//! The full audit: the history, every artifact, the ledger and its derivation, the tags in this clone and at the remote.

use std::collections::{BTreeMap, BTreeSet};

use artifact::layout::{Layout, SPEC};
use diagnostic::Report;
use engine::{Rule, RunKind};
use policy::Policy;
use repo::{Commit, Repository};
use snapshot::{RepoPath, Snapshot as _};

use crate::arguments::{
    AuditArguments, CiArguments, Common, LEDGER_BRANCH, LedgerAt, StructureArguments, TagVerifyArguments,
    VerifyArguments,
};
use crate::error::CommandError;
use crate::guard::audit::{audit_history, remove_used_waivers};
use crate::merged::{MergedRequest, add_state};
use crate::remote::{self, FETCH, tracking};
use crate::session::Session;
use crate::{base, ledger, structure, tag};

/// Audits everything, in one report.
pub(super) fn audit(
    session: &mut Session,
    arguments: &CiArguments,
    head: &str,
) -> Result<Report, CommandError> {
    let common = || Common::at(&arguments.place.repo);
    let history = AuditArguments { head: head.into(), ..AuditArguments::of(common()) };
    let mut report = audit_history(session, &history, rules::ALL)?;
    let artifacts = StructureArguments { head: Some(head.into()), ..StructureArguments::of(common()) };
    let mut artifacts = structure::check_artifacts(session, &artifacts)?;
    let ledger_rev = find_ledger(session, arguments, head)?;
    let repository: &Repository = session;
    let id = base::commit(repository, head)?;
    let commit = repository.commit(id)?;
    let notes = remove_unfinished(&commit, &Policy::layout(&commit)?, &mut artifacts)?;
    absorb(&mut report, "artifacts", artifacts);
    let record = MergedRequest { repository, head: id, policy: None, rules: rules::ALL };
    report.messages.extend(notes);
    match ledger_rev {
        None => report.messages.push("no ledger found, so no tags to verify".into()),
        Some(rev) => {
            let verify =
                VerifyArguments { rev: Some(rev.clone()), rederive: true, ..VerifyArguments::of(common()) };
            absorb(&mut report, "ledger", ledger::verify::verify(repository, &verify)?);
            let remote = remote::exists(repository, &arguments.remote)?.then(|| arguments.remote.clone());
            let tags = TagVerifyArguments { common: common(), ledger: LedgerAt { rev, remote } };
            absorb(&mut report, "tags", tag::verify_tags(repository, &tags)?);
        }
    }
    // After the ledger itself: in one that is not valid, nothing more is found.
    add_state(&mut report, record.check_record()?);
    remove_used_waivers(&commit, &mut report)?;
    // Every step has run by now, and with them every rule that is not about a change alone.
    report.checked.rules = rules::ALL.iter().filter(|rule| is_of_audit(rule)).count() as u64;
    report.findings.sort_by(diagnostic::Diagnostic::order);
    Ok(report)
}

/// Returns whether a rule can report anything in a full audit.
pub(super) fn is_of_audit(rule: &Rule) -> bool {
    [RunKind::History, RunKind::Tree, RunKind::Ledger, RunKind::Tags, RunKind::Recorded]
        .into_iter()
        .any(|run| rule.runs_in(run))
}

/// Returns the revision of the ledger: the checked commit, or the separate branch that `--writer branch` writes.
pub(super) fn find_ledger(
    session: &mut Session,
    arguments: &CiArguments,
    head: &str,
) -> Result<Option<String>, CommandError> {
    if ledger::is_begun(session, head)? {
        return Ok(Some(head.into()));
    }
    if !remote::exists(session, &arguments.remote)? {
        return Ok(None);
    }
    let tracking_ref = tracking(&arguments.remote, LEDGER_BRANCH);
    let refspec = format!("+refs/heads/{LEDGER_BRANCH}:{tracking_ref}");
    let command = [&FETCH[..], &["--", &arguments.remote, &refspec]].concat();
    if !session.git(&command, &[], &[])?.succeeded() {
        return Ok(None);
    }
    session.refresh()?;
    Ok(ledger::is_begun(session, &tracking_ref)?.then_some(tracking_ref))
}

/// Removes findings about directories without a spec, which are not plugins yet; returns a note for each. A change of them is still checked.
fn remove_unfinished(
    commit: &Commit<'_>,
    layout: &Layout,
    report: &mut Report,
) -> Result<Vec<String>, CommandError> {
    let mut unfinished: BTreeMap<RepoPath, bool> = BTreeMap::new();
    for finding in &report.findings {
        let Some(folder) = finding.location.as_ref().and_then(|at| plugin_of(&at.path, layout)) else {
            continue;
        };
        let has_spec = commit.find(&folder.join(SPEC.as_bytes()))?.is_some();
        unfinished.insert(folder, !has_spec);
    }
    report.findings.retain(|finding| {
        let folder = finding.location.as_ref().and_then(|at| plugin_of(&at.path, layout));
        folder.is_none_or(|folder| unfinished.get(&folder) != Some(&true))
    });
    let unfinished = unfinished.into_iter().filter(|(_, waits)| *waits);
    Ok(unfinished
        .map(|(folder, _)| {
            let folder = diagnostic::sanitise::path(&folder);
            format!("{folder} contains no {SPEC}: it is checked when it changes, or when it has one")
        })
        .collect())
}

/// Returns the plugin directory of a path, which may be that directory itself.
fn plugin_of(path: &RepoPath, layout: &Layout) -> Option<RepoPath> {
    if layout.is_plugin_directory(path) { Some(path.clone()) } else { layout.plugin_directory(path) }
}

/// Adds the findings of another report, without duplicates.
fn absorb(report: &mut Report, what: &str, other: Report) {
    let known: BTreeSet<String> = report.findings.iter().map(diagnostic::Diagnostic::fingerprint).collect();
    report
        .findings
        .extend(other.findings.into_iter().filter(|finding| !known.contains(&finding.fingerprint())));
    report.messages.extend(other.messages.into_iter().map(|message| format!("{what}: {message}")));
    for error in other.errors {
        if !report.errors.contains(&error) {
            report.errors.push(error);
        }
    }
}
