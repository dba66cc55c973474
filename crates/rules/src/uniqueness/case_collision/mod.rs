//! No path is the twin of another.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Location, RuleInfo};
use snapshot::fold::fold;
use snapshot::{Mode, RepoPath, Result, Snapshot};

use crate::rule::{Check, Rule};
use crate::state::StateContext;
use crate::telling::quote;

/// `UNI005` case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CASE_COLLISION,
        summary: "no path is the twin of another",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(changes) = state.changes else {
        return state.each_directory(&mut |directory, listing| {
            let names = listing.iter().map(|entry| entry.name.to_vec()).collect();
            tell(directory, names, &|_| true, findings);
        });
    };
    let added = changes.iter().filter(|change| change.before.is_none() && change.after.is_some());
    let mut levels: BTreeMap<RepoPath, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for change in added.filter(|change| !state.policy.concerns(&change.path)) {
        for prefix in change.path.prefixes().map(RepoPath::new) {
            levels.entry(prefix.parent()).or_default().insert(prefix.name().to_vec());
        }
    }
    let removed = changes.iter().filter(|change| change.after.is_none());
    let gone: BTreeSet<&[u8]> = removed.flat_map(|change| change.path.prefixes()).collect();
    for (directory, added) in levels {
        let mut names = names_in(state.head, &directory)?;
        // Two pull requests may each bring one of the twins: the tip of base counts, but for what this change removes.
        if let Some(tip) = state.tip {
            let removed = |name: &[u8]| gone.contains(directory.join(name).as_bytes());
            names.extend(names_in(tip, &directory)?.into_iter().filter(|name| !removed(name)));
        }
        tell(&directory, names, &|name| added.contains(name), findings);
    }
    Ok(())
}

fn names_in(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<BTreeSet<Vec<u8>>> {
    let node = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory);
    let listing = node.map(|node| snapshot.list(&node)).transpose()?;
    Ok(listing.iter().flat_map(|listing| listing.iter()).map(|entry| entry.name.to_vec()).collect())
}

/// Tells of the names in a directory that fold to one, where one of them is judged.
fn tell(
    directory: &RepoPath,
    names: BTreeSet<Vec<u8>>,
    judges: &dyn Fn(&[u8]) -> bool,
    findings: &mut Vec<Diagnostic>,
) {
    let mut twins: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
    for name in names {
        twins.entry(fold(&name).into_owned()).or_default().push(name);
    }
    for twins in twins.values().filter(|twins| twins.len() > 1) {
        let Some(here) = twins.iter().find(|name| judges(name)) else { continue };
        let Some(there) = twins.iter().find(|name| *name != here) else { continue };
        let (here, there) = (directory.join(here), directory.join(there));
        let message = format!(
            "{} is one name with {} where case or Unicode form does not count",
            quote(&here),
            quote(&there)
        );
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&here))
                .help("choose a name that differs in more than case and Unicode form"),
        );
    }
}
