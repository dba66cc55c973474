//! No path differs from another one only in case or Unicode normalization.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext, quote};
use snapshot::fold::fold;
use snapshot::{Mode, RepoPath, Result, Snapshot};

/// `UNI005` case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CASE_COLLISION,
        summary: "no path differs from another one only in case or Unicode normalization",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(changes) = state.changes else {
        return state.each_directory(&mut |directory, listing| {
            let names = listing.iter().map(|entry| entry.name.to_vec()).collect();
            report_collisions(directory, names, &|_| true, findings);
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
        // Two pull requests may each add one of the names: the tip of the base branch counts, too, without what this change removes.
        if let Some(tip) = state.tip {
            let removed = |name: &[u8]| gone.contains(directory.join(name).as_bytes());
            names.extend(names_in(tip, &directory)?.into_iter().filter(|name| !removed(name)));
        }
        report_collisions(&directory, names, &|name| added.contains(name), findings);
    }
    Ok(())
}

fn names_in(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<BTreeSet<Vec<u8>>> {
    let node = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory);
    let listing = node.map(|node| snapshot.list(&node)).transpose()?;
    Ok(listing.iter().flat_map(|listing| listing.iter()).map(|entry| entry.name.to_vec()).collect())
}

/// Reports names in a directory that differ only in case or normalization, if one of them is checked.
fn report_collisions(
    directory: &RepoPath,
    names: BTreeSet<Vec<u8>>,
    is_checked: &dyn Fn(&[u8]) -> bool,
    findings: &mut Vec<Diagnostic>,
) {
    let mut folded: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
    for name in names {
        folded.entry(fold(&name).into_owned()).or_default().push(name);
    }
    for names in folded.values().filter(|names| names.len() > 1) {
        let Some(here) = names.iter().find(|name| is_checked(name)) else { continue };
        let Some(there) = names.iter().find(|name| *name != here) else { continue };
        let (here, there) = (directory.join(here), directory.join(there));
        let message =
            format!("{} and {} differ only in case or Unicode normalization", quote(&here), quote(&there));
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&here))
                .help("choose a name that differs in more than case and Unicode normalization"),
        );
    }
}
