//! The entries of the policy directory that no part of the policy reads: a misspelt name must not look like a missing file.

use std::collections::BTreeSet;

use artifact::layout::{PACK, PACKS};
use diagnostic::Location;
use snapshot::fold::fold;
use snapshot::{Kind, Mode, Node, RepoPath, Snapshot};

use super::pin::is_pack_name;
use super::schema_files;
use super::{KNOWN_FINDINGS_PATH, POLICY_PATH, WAIVERS_PATH};
use crate::Pack;
use crate::error::Error;
use crate::ignored::{Ignored, IgnoredKind};

/// The entries that are named one by one; more are counted.
const MAX_NAMED: usize = 50;
/// The entries that are looked at: the policies of large organisations have some hundred files.
const MAX_ENTRIES: usize = 20_000;
/// The files directly in the policy directory, without their extension.
const STEMS: [&str; 5] = ["policy", "policies", "waiver", "waivers", "known-findings"];
/// The directories of a pack that people read, or its tests.
const FOR_PEOPLE: [&[u8]; 6] = [b"cases", b"docs", b"examples", b"fixtures", b"schemas", b"tests"];

/// Finds the entries that the policy does not read; `packs` are those that apply.
pub(super) fn find(snapshot: &dyn Snapshot, packs: &[Pack]) -> Result<Vec<Ignored>, Error> {
    // The directory of an embedded pack contains copies of its schemas.
    let active = packs.iter().map(|pack| pack.name.as_bytes()).collect();
    let own = packs.iter().filter(|pack| !pack.embedded);
    let mut used: BTreeSet<RepoPath> =
        [POLICY_PATH, WAIVERS_PATH, KNOWN_FINDINGS_PATH].map(RepoPath::from).into();
    for document in own.flat_map(|pack| &pack.documents) {
        used.extend(document.schema.iter().map(|(path, _)| path.clone()));
        used.extend(schema_files::referenced(document));
        used.extend(document.rules.iter().map(|(path, _)| path.clone()));
        used.extend(document.data.iter().map(|(path, _)| path.clone()));
    }
    for dialect in packs.iter().filter(|pack| !pack.embedded).flat_map(|pack| &pack.dialects) {
        for schema in dialect.schema.iter().flat_map(|schema| schema.all()) {
            used.insert(schema.path.clone());
            used.extend(schema_files::reached(&schema.value, &schema.files, &schema.pack));
        }
        used.extend(dialect.rules.iter().map(|(path, _)| path.clone()));
    }
    let mut search = Search { snapshot, used, active, found: Vec::new(), looked_at: 0 };
    let root = snapshot.root().map_err(|source| unreadable(RepoPath::root(), source))?;
    for node in search.list(&root)? {
        if node.path.name() == PACKS.as_bytes() {
            search.directory(&node)?;
        } else if *fold(node.path.name()) == *PACKS.as_bytes() {
            search.name(&node, &format!("the policy is read from {PACKS}/"));
        }
    }
    let mut found = search.found;
    found.sort_by(|a, b| a.location.path.cmp(&b.location.path));
    if found.len() > MAX_NAMED {
        let more = found.len() - MAX_NAMED;
        found.truncate(MAX_NAMED);
        let at = RepoPath::from(PACKS);
        found.push(ignored(&at, format!("{more} more entries are not read"), "remove them".into()));
    }
    Ok(found)
}

/// The directories that a search is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Directly in the policy directory.
    Top,
    /// In a directory without a manifest of a pack.
    Loose,
    /// In a pack that applies.
    Active,
    /// In the rules of a pack that applies.
    Rules,
    /// In a pack that does not apply.
    Inactive,
    /// In a directory of a pack that people read, or that its tests need.
    ForPeople,
}

struct Search<'s> {
    snapshot: &'s dyn Snapshot,
    used: BTreeSet<RepoPath>,
    /// The names of the packs that apply.
    active: BTreeSet<&'s [u8]>,
    found: Vec<Ignored>,
    looked_at: usize,
}

impl Search<'_> {
    fn list(&self, directory: &Node) -> Result<Vec<Node>, Error> {
        let listing =
            self.snapshot.list(directory).map_err(|source| unreadable(directory.path.clone(), source))?;
        let node =
            |entry: snapshot::Entry<'_>| Node { path: directory.path.join(entry.name), object: entry.object };
        Ok(listing.iter().map(node).collect())
    }

    fn directory(&mut self, top: &Node) -> Result<(), Error> {
        let mut pending = vec![(top.clone(), Place::Top)];
        while let Some((directory, place)) = pending.pop() {
            if directory.object.mode != Mode::Directory {
                continue;
            }
            for node in self.list(&directory)? {
                self.looked_at += 1;
                if self.looked_at > MAX_ENTRIES {
                    let message = format!("only {MAX_ENTRIES} entries are looked at");
                    self.found.push(ignored(
                        &top.path,
                        message,
                        "remove what is not part of the policy".into(),
                    ));
                    return Ok(());
                }
                if node.object.mode == Mode::Directory {
                    let inside = self.place_of(place, &node)?;
                    pending.push((node, inside));
                } else if let Some(reason) = self.reason(place, &node) {
                    self.name(&node, &reason);
                }
            }
        }
        Ok(())
    }

    /// Returns what a directory is.
    fn place_of(&mut self, outside: Place, directory: &Node) -> Result<Place, Error> {
        let name = directory.path.name();
        let below = directory.path.as_bytes().strip_prefix(PACKS.as_bytes()).unwrap_or_default();
        let is_active = self.active.contains(below.strip_prefix(b"/").unwrap_or_default());
        Ok(match outside {
            Place::Top | Place::Loose if is_active => Place::Active,
            Place::Top | Place::Loose => {
                let manifest = directory.path.join(PACK.as_bytes());
                let found = self.snapshot.find(&manifest).map_err(|source| unreadable(manifest, source))?;
                match found {
                    None => Place::Loose,
                    Some(manifest) => {
                        if manifest.object.mode.kind() != Kind::File {
                            self.name(&manifest, "the manifest of a pack is a regular file");
                        }
                        if outside == Place::Top && !is_pack_name(name) {
                            self.name(directory, "a pack is named in lower-case letters, digits and `-`");
                        }
                        Place::Inactive
                    }
                }
            }
            Place::Active | Place::Inactive if FOR_PEOPLE.contains(&name) => Place::ForPeople,
            Place::Active if name == b"rules" => Place::Rules,
            Place::Active | Place::Inactive | Place::Rules | Place::ForPeople => outside,
        })
    }

    /// Returns why an entry other than a directory is not read; `None` if it is read, or is not meant to be.
    fn reason(&self, place: Place, node: &Node) -> Option<String> {
        let (path, name) = (&node.path, node.path.name());
        if self.used.contains(path) {
            return None;
        }
        let kind = node.object.mode.kind();
        if place == Place::ForPeople {
            return (kind != Kind::File).then(|| format!("it is {kind}"));
        }
        if let Some(proper) = proper_name(name) {
            return Some(format!("did you mean {PACKS}/{proper}?"));
        }
        if is_for_people(name) {
            return None;
        }
        match place {
            Place::Inactive | Place::ForPeople => None,
            Place::Top if kind == Kind::File => {
                Some(format!("{PACKS}/ contains policy.yaml, waivers.yaml and a directory for each pack"))
            }
            Place::Top => Some(format!("it is {kind}, and a pack is a directory")),
            Place::Loose => Some(format!("its directory has no {PACK}")),
            Place::Active if name == PACK.as_bytes() => None,
            Place::Active if *fold(name) == *PACK.as_bytes() || stem(name) == b"pack" => {
                Some(format!("did you mean {PACK}?"))
            }
            Place::Active => Some("no entry of `documents` names it".into()),
            Place::Rules if name.ends_with(b"_test.rego") => None,
            Place::Rules if name.ends_with(b".rego") => Some("no entry of `documents` selects it".into()),
            Place::Rules => Some("the names of rule files end in `.rego`".into()),
        }
    }

    fn name(&mut self, node: &Node, reason: &str) {
        self.found.push(ignored(&node.path, format!("not read: {reason}"), help_for(node)));
    }
}

/// Returns the name of a file of the policy directory that is spelt almost like this one.
fn proper_name(name: &[u8]) -> Option<&'static str> {
    let stem = stem(name);
    let at = STEMS.iter().position(|known| stem == known.as_bytes())?;
    let extension = name.get(stem.len() + 1..).unwrap_or_default().to_ascii_lowercase();
    let is_data = matches!(extension.as_slice(), b"" | b"yaml" | b"yml" | b"json" | b"jsonl" | b"toml");
    is_data
        .then_some(["policy.yaml", "policy.yaml", "waivers.yaml", "waivers.yaml", "known-findings.jsonl"][at])
}

/// Returns the name up to its first dot, in lower case.
fn stem(name: &[u8]) -> Vec<u8> {
    fold(name).split(|&byte| byte == b'.').next().unwrap_or_default().to_vec()
}

/// Returns whether a file is documentation, or an instruction to git or to a forge.
fn is_for_people(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let starts =
        [&b"readme"[..], b"license", b"licence", b"copying", b"notice", b"changelog", b"codeowners", b".git"];
    let ends = [&b".md"[..], b".markdown", b".txt", b".rst", b".adoc"];
    starts.iter().any(|start| lower.starts_with(start)) || ends.iter().any(|end| lower.ends_with(end))
}

fn help_for(node: &Node) -> String {
    format!("rename {:?}, or remove it", node.path)
}

fn ignored(path: &RepoPath, message: String, help: String) -> Ignored {
    let name = String::from_utf8_lossy(path.as_bytes()).into_owned();
    Ignored { what: IgnoredKind::File, name, message, help, location: Location::of(path) }
}

fn unreadable(path: RepoPath, source: snapshot::Error) -> Error {
    Error::Read { what: "policy", path, source }
}
