//! A version of a pack is one thing for ever.

use std::collections::BTreeMap;

use artifact::layout::{PACK, PACKS};
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use ledger::files::{CHECKPOINT, FOLDER};
use semver::Version;
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};

use crate::rule::{Check, Rule};
use crate::state::{Document, StateContext};

/// `POL006` pack-version-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PACK_VERSION_REUSED,
        summary: "a version of a pack is one thing for ever",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
        // What this change leaves alone is what base has once it is merged.
        let after = match state.is_touched(&path) {
            true => Document::open(state.head, &path)?,
            false => Document::open(tip, &path)?,
        };
        let Some(after) = after else { continue };
        let version = |document: &Document| Version::parse(document.text_at("/version")?).ok();
        // A version that is none is told by the schema of packs.
        let (Some(old), Some(new)) = (version(&before), version(&after)) else { continue };
        let Some(differs) = first_difference(tip, &changes)? else { continue };
        let other = match new.cmp_precedence(&old) {
            std::cmp::Ordering::Greater => continue,
            std::cmp::Ordering::Less => format!("the version of the pack goes back from {old} to {new}"),
            std::cmp::Ordering::Equal if old != new => {
                format!("{old} and {new} are one version: they differ in build metadata alone")
            }
            std::cmp::Ordering::Equal => {
                let inside = String::from_utf8_lossy(&differs.as_bytes()[folder.as_bytes().len() + 1..]);
                format!(
                    "version {old} of the pack stands on base, and this makes something else of it: {inside}"
                )
            }
        };
        let commit = ObjectId::from_hex(tip.name().as_bytes());
        let told = Diagnostic::new(&RULE.info, other).at(after.place("/version")).related(Related {
            location: before.place("/version"),
            commit,
            message: format!("base has {old}"),
        });
        let told = match differs == path {
            true => told,
            false => told.related(Related {
                location: Location::of(&differs),
                commit: None,
                message: "this is not as on base".into(),
            }),
        };
        findings.push(told.help(format!(
            "raise the version above {old}, in the pack and where policy pins it (id-guard policy pin)"
        )));
    }
    Ok(())
}

/// The folder of the pack that a path lies in.
fn pack_of(path: &RepoPath) -> Option<RepoPath> {
    let mut parts = path.components();
    let (first, second) = (parts.next()?, parts.next()?);
    (first == PACKS.as_bytes() && parts.next().is_some()).then(|| RepoPath::from(PACKS).join(second))
}

/// Whether the ledger holds what has an identity to its published versions: then it is told there.
fn is_recorded(state: &StateContext<'_>, tip: &dyn Snapshot) -> Result<bool> {
    let checkpoint = RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes());
    Ok(state.policy.ledger.origin.is_some() || tip.find(&checkpoint)?.is_some())
}

/// The first path that is something else than on base.
fn first_difference(tip: &dyn Snapshot, changes: &[&Change]) -> Result<Option<RepoPath>> {
    for change in changes {
        if tip.find(&change.path)?.map(|node| node.object) != change.after {
            return Ok(Some(change.path.clone()));
        }
    }
    Ok(None)
}
