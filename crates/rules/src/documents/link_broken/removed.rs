//! Links to what a change removes, in pages that it does not touch.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Location, Related};
use documents::target::{Target, resolve};
use engine::StateContext;
use snapshot::{RepoPath, Result};

/// The links to removed files that are reported; more are counted in one further finding.
const MAX_REPORTED_LINKS: usize = 100;

/// Reports links to files and directories that exist on the base branch and not after the change.
pub(super) fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let removed = removed_paths(state)?;
    let names = removed.iter().map(|path| path.name().to_vec()).collect();
    let mut reported = 0;
    for page in &state.untouched_pages(&names)? {
        for link in &page.read.links {
            let (base, Target::File { path, .. }) = super::target_of(link, page) else { continue };
            let Some(place) = resolve(&base, &path).filter(|place| removed.contains(place)) else { continue };
            reported += 1;
            if reported > MAX_REPORTED_LINKS {
                continue;
            }
            let (target, from) = (
                super::super::findings::display_path(&place),
                super::super::findings::display_path(&page.path),
            );
            findings.push(
                Diagnostic::new(
                    &super::RULE.info,
                    format!("{from} links to {target}, which this change removes"),
                )
                .at(Location::of(&place))
                .related(Related {
                    location: page.place(link.span.clone()),
                    commit: None,
                    message: "the link is here".into(),
                })
                .help(format!("keep the file, or fix the link in {from} in a change before this one")),
            );
        }
    }
    if let Some(more) = usize::checked_sub(reported, MAX_REPORTED_LINKS).filter(|more| *more > 0) {
        findings.push(Diagnostic::new(
            &super::RULE.info,
            format!("{more} more links to removed files are not shown"),
        ));
    }
    Ok(())
}

/// Returns the paths that exist on the base branch and not after the change: files, and the directories that they leave empty.
fn removed_paths(state: &StateContext<'_>) -> Result<BTreeSet<RepoPath>> {
    let mut removed = BTreeSet::new();
    let gone = state.changes.unwrap_or_default().iter();
    for change in gone.filter(|change| change.before.is_some() && change.after.is_none()) {
        let mut path = change.path.clone();
        while !path.is_root() && !removed.contains(&path) && state.head.find(&path)?.is_none() {
            let parent = path.parent();
            removed.insert(path);
            path = parent;
        }
    }
    Ok(removed)
}
