//! The nearest pattern that matches a file, for one that matches none.

use policy::{Discipline, Kind as DisciplineKind, Pattern};
use snapshot::{Kind, Mode, Node, RepoPath, Result, Snapshot};

use super::near_pointer::distance;

/// The directories that a search lists: enough for a registry, and bounded for a hostile tree.
const MAX_DIRECTORIES: usize = 300;
/// The directories that a wildcard of a pattern is tried with.
const MAX_TRIED_DIRECTORIES: usize = 20;

/// A pattern that matches, near one that does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearPattern {
    /// The pattern.
    pub pattern: String,
    /// What it matches, first of all.
    pub path: RepoPath,
    /// Whether the original pattern matches a directory, and the entry governs files.
    pub is_directory: bool,
}

/// Finds the nearest pattern that matches something in a tree.
pub(super) fn nearest_pattern(
    snapshot: &dyn Snapshot,
    discipline: &Discipline,
) -> Result<Option<NearPattern>> {
    let text = discipline.pattern.as_str();
    let parts: Vec<&str> = text.split('/').collect();
    let selects = match discipline.kind {
        DisciplineKind::Sealed => Selects::Directories,
        DisciplineKind::Burned => Selects::Both,
        _ => Selects::Files,
    };
    let mut search = Search { snapshot, selects, listed: 0 };
    let near = search.step(&snapshot.root()?, &parts)?;
    Ok(near.map(|near| NearPattern {
        pattern: near.parts.join("/"),
        path: near.path,
        is_directory: near.is_directory,
    }))
}

/// What a pattern selects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Selects {
    Files,
    Directories,
    Both,
}

struct Near {
    /// How much of the pattern differs.
    cost: usize,
    parts: Vec<String>,
    path: RepoPath,
    is_directory: bool,
}

impl Near {
    /// Puts a part before the pattern.
    fn below(mut self, part: &str, cost: usize) -> Near {
        self.parts.insert(0, part.into());
        self.cost += cost;
        self
    }
}

struct Search<'s> {
    snapshot: &'s dyn Snapshot,
    selects: Selects,
    listed: usize,
}

/// Keeps the nearer of two; of equal ones the first.
fn keep(best: &mut Option<Near>, found: Option<Near>) {
    if let Some(found) = found
        && best.as_ref().is_none_or(|best| found.cost < best.cost)
    {
        *best = Some(found);
    }
}

impl Search<'_> {
    fn list(&mut self, directory: &Node) -> Result<Vec<(String, Node)>> {
        self.listed += 1;
        if self.listed > MAX_DIRECTORIES {
            return Ok(Vec::new());
        }
        let listing = self.snapshot.list(directory)?;
        let named = listing.iter().filter_map(|entry| {
            let name = std::str::from_utf8(entry.name).ok()?;
            // A name with characters of patterns cannot be written as one.
            let is_plain = !name.contains(['*', '?', '[', ']', '{', '}', '!', '\\']);
            let node = Node { path: directory.path.join(entry.name), object: entry.object };
            is_plain.then(|| (name.to_string(), node))
        });
        Ok(named.collect())
    }

    fn step(&mut self, directory: &Node, parts: &[&str]) -> Result<Option<Near>> {
        let Some((part, rest)) = parts.split_first() else { return Ok(None) };
        let entries = self.list(directory)?;
        let mut best = None;
        if rest.is_empty() && *part != "**" {
            for (name, node) in &entries {
                keep(&mut best, self.last(part, name, node));
            }
            if best.is_none() && self.selects == Selects::Files {
                best = self.one_level_down(part, &entries)?;
            }
            return Ok(best);
        }
        if *part == "**" {
            let rest = if rest.is_empty() { &["*"][..] } else { rest };
            keep(&mut best, self.step(directory, rest)?.map(|near| near.below("**", 0)));
        }
        let mut tried = 0;
        for (name, node) in entries.iter().filter(|(_, node)| node.object.mode == Mode::Directory) {
            let Some((cost, near)) = fits(part, name) else { continue };
            tried += 1;
            if tried > MAX_TRIED_DIRECTORIES || best.as_ref().is_some_and(|best| best.cost <= cost) {
                continue;
            }
            let found = if *part == "**" {
                self.step(node, parts)?
            } else {
                self.step(node, rest)?.map(|found| found.below(&near, cost))
            };
            keep(&mut best, found);
        }
        Ok(best)
    }

    /// Searches the directories for files that match the last part of a pattern: `plugins/*.yaml` for `plugins/**/*.yaml`.
    fn one_level_down(&mut self, part: &str, entries: &[(String, Node)]) -> Result<Option<Near>> {
        let directories = entries.iter().filter(|(_, node)| node.object.mode == Mode::Directory);
        for (_, directory) in directories.take(MAX_TRIED_DIRECTORIES) {
            let below = self.list(directory)?;
            let is_match = |(name, node): &&(String, Node)| {
                node.object.mode != Mode::Directory && fits(part, name).is_some_and(|(cost, _)| cost == 0)
            };
            if let Some((_, node)) = below.iter().find(is_match) {
                let parts = vec!["**".into(), part.into()];
                return Ok(Some(Near { cost: 2, parts, path: node.path.clone(), is_directory: false }));
            }
        }
        Ok(None)
    }

    /// Compares the last part of a pattern with an entry.
    fn last(&self, part: &str, name: &str, node: &Node) -> Option<Near> {
        let is_directory = node.object.mode.kind() == Kind::Directory;
        let near = |part: String, cost: usize| Near {
            cost,
            parts: vec![part],
            path: node.path.clone(),
            is_directory: false,
        };
        if is_directory && self.selects == Selects::Files {
            // The files of a directory: its name alone matches none of them.
            let (cost, directory) = fits(part, name)?;
            let parts = vec![directory, "**".into()];
            return Some(Near { cost: cost + 1, parts, path: node.path.clone(), is_directory: cost == 0 });
        }
        if !is_directory && self.selects == Selects::Directories {
            return None;
        }
        if let Some((cost, part)) = fits(part, name) {
            return Some(near(part, cost));
        }
        // `*.yaml` for `*.yml`: the same names with another extension.
        let (stem, extension) = part.rsplit_once('.')?;
        let (_, actual) = name.rsplit_once('.')?;
        let other = format!("{stem}.{actual}");
        let matches = Pattern::new(&other).is_ok_and(|other| other.matches(name.as_bytes()));
        let cost = extension_distance(extension, actual)?;
        matches.then(|| near(other, cost))
    }
}

/// Returns the part of a pattern that a name matches and that is nearest to another one, with what it costs.
fn fits(part: &str, name: &str) -> Option<(usize, String)> {
    if !part.contains(['*', '?']) {
        return distance(part, name).map(|cost| (cost, name.into()));
    }
    let plain = part.replace(' ', "");
    let variants = [(0, part.to_string()), (1, plain), (1, part.to_lowercase()), (1, part.to_uppercase())];
    let matches = |text: &str| Pattern::new(text).is_ok_and(|pattern| pattern.matches(name.as_bytes()));
    variants.into_iter().find(|(_, text)| matches(text))
}

/// Returns how far two extensions are apart; `None` if they are of different formats.
fn extension_distance(wanted: &str, actual: &str) -> Option<usize> {
    let yaml = ["yaml", "yml"];
    let folded = [wanted, actual].map(|text| text.trim().to_ascii_lowercase());
    let is_yaml = folded.iter().all(|text| yaml.contains(&text.as_str()));
    if is_yaml { Some(1) } else { distance(wanted, actual) }
}
