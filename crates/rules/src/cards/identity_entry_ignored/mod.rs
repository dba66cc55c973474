//! Everything in the directory of identities that looks like cards or a registry is read.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::CARDS;
use snapshot::fold::fold;
use snapshot::{Mode, Node, RepoPath, Result};

/// The registry.
const REGISTRY: &str = "ids/registry.yaml";
/// The directories of cards and registry that are looked into: one, unless the case of its name differs.
const IDENTITIES: &[u8] = b"ids";

/// `CRD006` identity-entry-ignored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::IDENTITY_ENTRY_IGNORED,
        summary: "everything in the directory of identities that looks like cards or a registry is read",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for path in entries(state)? {
        let Some(meant) = meant(&path) else { continue };
        findings.push(
            Diagnostic::new(&RULE.info, format!("not read: did you mean {meant}?"))
                .at(Location::of(&path))
                .help("give it the name that is read, or move it to another directory"),
        );
    }
    Ok(())
}

/// Returns what is directly in the directory of identities: what the change touches, or all of it.
fn entries(state: &StateContext<'_>) -> Result<BTreeSet<RepoPath>> {
    let mut found = BTreeSet::new();
    if let Some(changes) = state.changes {
        let present = changes.iter().filter(|change| change.after.is_some());
        found.extend(present.filter_map(|change| {
            let mut parts = change.path.components();
            let directory = parts.next().filter(|name| *fold(name) == *IDENTITIES)?;
            Some(RepoPath::new(directory).join(parts.next()?))
        }));
    } else if state.reports_whole_tree {
        let root = state.head.root()?;
        for entry in state.head.list(&root)?.iter() {
            if entry.object.mode == Mode::Directory && *fold(entry.name) == *IDENTITIES {
                let node = Node { path: RepoPath::new(entry.name), object: entry.object };
                found.extend(state.head.list(&node)?.iter().map(|inside| node.path.join(inside.name)));
            }
        }
    }
    Ok(found)
}

/// Returns what a name in the directory of identities was probably meant to be; `None` for one that is read, and for others.
fn meant(path: &RepoPath) -> Option<&'static str> {
    let folded = fold(path.name());
    let name = std::str::from_utf8(&folded).ok()?;
    if path.as_bytes() == CARDS.as_bytes() || path.as_bytes() == REGISTRY.as_bytes() {
        return None;
    }
    // What is in a directory of cards of another case is reported file by file.
    if name != "cards" && strsim::damerau_levenshtein(name, "cards") <= 1 {
        return Some("ids/cards/");
    }
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let is_like = stem == "registries" || strsim::damerau_levenshtein(stem, "registry") <= 2;
    (is_like && matches!(extension, "" | "yaml" | "yml")).then_some(REGISTRY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn almost_the_right_name_is_recognised() {
        for (path, expected) in [
            ("ids/registry.yaml", None),
            ("ids/cards", None),
            ("ids/registry.yml", Some(REGISTRY)),
            ("ids/Registry.yaml", Some(REGISTRY)),
            ("ids/regsitry.yaml", Some(REGISTRY)),
            ("ids/registries.yaml", Some(REGISTRY)),
            ("ids/registry", Some(REGISTRY)),
            ("IDS/registry.yaml", Some(REGISTRY)),
            ("ids/card", Some("ids/cards/")),
            ("ids/crads", Some("ids/cards/")),
            ("ids/cadrs", Some("ids/cards/")),
            ("ids/Cards", None),
            ("ids/registry.json", None),
            ("ids/README.md", None),
            ("ids/notes.yaml", None),
        ] {
            assert_eq!(meant(&RepoPath::from(path)), expected, "{path}");
        }
    }
}
