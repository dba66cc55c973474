//! A published pack version never changes.

use std::collections::BTreeMap;

use artifact::layout::{PACK, PACKS};
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use ledger::files::{CHECKPOINT, FOLDER};
use semver::Version;
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};

/// `POL006` pack-version-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PACK_VERSION_REUSED,
        summary: "a published pack version never changes",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let (Some(tip), Some(changes)) = (state.tip, state.changes) else { return Ok(()) };
    let mut touched: BTreeMap<RepoPath, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        if let Some(folder) = pack_of(&change.path) {
            touched.entry(folder).or_default().push(change);
        }
    }
    for (folder, changes) in touched {
        let path = folder.join(PACK.as_bytes());
        let Some(before) = Document::open(tip, &path)? else { continue };
        if before.text_at("/ulid").is_some() && is_recorded(state, tip)? {
            continue;
        }
        // A file that this change leaves alone has the content of the base branch after the merge.
        let after = match state.is_touched(&path) {
            true => Document::open(state.head, &path)?,
            false => Document::open(tip, &path)?,
        };
        let Some(after) = after else { continue };
        let version = |document: &Document| Version::parse(document.text_at("/version")?).ok();
        // An invalid version is reported by the schema of packs.
        let (Some(old), Some(new)) = (version(&before), version(&after)) else { continue };
        let Some(differs) = first_difference(tip, &changes)? else { continue };
        let other = match new.cmp_precedence(&old) {
            std::cmp::Ordering::Greater => continue,
            std::cmp::Ordering::Less => format!("the pack version decreases from {old} to {new}"),
            std::cmp::Ordering::Equal if old != new => {
                format!("pack versions {old} and {new} differ only in build metadata, which does not count")
            }
            std::cmp::Ordering::Equal => {
                let inside = String::from_utf8_lossy(&differs.as_bytes()[folder.as_bytes().len() + 1..]);
                format!(
                    "pack version {old} already exists on the base branch with different content: {inside}"
                )
            }
        };
        let commit = ObjectId::from_hex(tip.name().as_bytes());
        let finding = Diagnostic::new(&RULE.info, other).at(after.place("/version")).related(Related {
            location: before.place("/version"),
            commit,
            message: format!("version {old} on the base branch"),
        });
        let finding = match differs == path {
            true => finding,
            false => finding.related(Related {
                location: Location::of(&differs),
                commit: None,
                message: "differs from the base branch".into(),
            }),
        };
        findings.push(finding.help(format!(
            "raise `version` in pack.yaml above {old}; where the policy pins the pack, run: id-guard policy pin"
        )));
    }
    Ok(())
}

/// Returns the directory of the pack that contains a path.
fn pack_of(path: &RepoPath) -> Option<RepoPath> {
    let mut parts = path.components();
    let (first, second) = (parts.next()?, parts.next()?);
    (first == PACKS.as_bytes() && parts.next().is_some()).then(|| RepoPath::from(PACKS).join(second))
}

/// Whether the repository keeps a ledger, where IMM033 reports changes of published packs.
fn is_recorded(state: &StateContext<'_>, tip: &dyn Snapshot) -> Result<bool> {
    let checkpoint = RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes());
    Ok(state.policy.ledger.origin.is_some() || tip.find(&checkpoint)?.is_some())
}

/// Returns the first path whose content differs from the base branch.
fn first_difference(tip: &dyn Snapshot, changes: &[&Change]) -> Result<Option<RepoPath>> {
    for change in changes {
        if tip.find(&change.path)?.map(|node| node.object) != change.after {
            return Ok(Some(change.path.clone()));
        }
    }
    Ok(None)
}
