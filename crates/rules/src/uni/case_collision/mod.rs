//! No path is the twin of another.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use snapshot::fold::fold;
use snapshot::{RepoPath, Result};

use crate::rule::{Check, Rule};
use crate::state::StateContext;
use crate::telling::quote;

/// `UNI005` case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "UNI005",
        name: "case-collision",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "no path is the twin of another",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(changes) = state.changes else { return Ok(()) };
    let added = changes.iter().filter(|change| change.before.is_none() && change.after.is_some());
    let mut levels: BTreeMap<RepoPath, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for change in added.filter(|change| !state.policy.concerns(&change.path)) {
        for prefix in change.path.prefixes().map(RepoPath::new) {
            levels.entry(prefix.parent()).or_default().insert(prefix.name().to_vec());
        }
    }
    for (directory, names) in levels {
        let Some(node) = state.head.find(&directory)? else { continue };
        let wanted: BTreeSet<Vec<u8>> = names.iter().map(|name| fold(name).into_owned()).collect();
        let mut met: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        for entry in state.head.list(&node)?.iter() {
            let folded = fold(entry.name).into_owned();
            if !wanted.contains(&folded) {
                continue;
            }
            if let Some(other) = met.insert(folded, entry.name.to_vec()) {
                let (here, there) = if names.contains(entry.name) {
                    (entry.name, other.as_slice())
                } else {
                    (other.as_slice(), entry.name)
                };
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
    }
    Ok(())
}
