//! Patterns of directories with a fixed number of segments.

use snapshot::{Listing, Mode, Node, RepoPath, Result, Snapshot};

use super::PACKS;

/// The segments of a pattern: deeper plugins have no readable path.
const MAX_SEGMENTS: usize = 8;
/// The top-level directories that contain records and settings of the repository, never a plugin.
const RESERVED: [&str; 6] = [".git", ".github", ".ledger", ".runs", "ids", PACKS];

/// A pattern of directories with a fixed number of segments: `plugins/*`, `packages/*/plugins/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryPattern {
    text: String,
    segments: Vec<Segment>,
}

/// A segment of a pattern, with at most one `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Name(Vec<u8>),
    Star { start: Vec<u8>, end: Vec<u8> },
}

impl Segment {
    fn matches(&self, name: &[u8]) -> bool {
        match self {
            Segment::Name(own) => own == name,
            Segment::Star { start, end } => {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            }
        }
    }

    /// Returns whether a name exists that both match.
    fn meets(&self, other: &Segment) -> bool {
        match (self, other) {
            (Segment::Name(name), other) | (other, Segment::Name(name)) => other.matches(name),
            (Segment::Star { start: a, end: b }, Segment::Star { start: c, end: d }) => {
                (a.starts_with(c) || c.starts_with(a)) && (b.ends_with(d) || d.ends_with(b))
            }
        }
    }
}

impl DirectoryPattern {
    /// Reads a pattern, relative to the root of the repository.
    ///
    /// # Errors
    /// Why the pattern is invalid.
    pub fn parse(text: &str) -> std::result::Result<DirectoryPattern, String> {
        let mut segments = Vec::new();
        for name in text.split('/') {
            let foreign = ['?', '[', ']', '{', '}', '!', '\\', '\0'];
            segments.push(match name {
                "" | "." | ".." => {
                    return Err(format!(
                        "`{text}` is not a valid pattern: it is relative to the root and has no empty, `.` or `..` segment"
                    ));
                }
                name if name.contains("**") => {
                    return Err(format!(
                        "`{text}`: `**` is not supported here; name each level, as in plugins/*/*"
                    ));
                }
                name if name.contains(foreign) || name.matches('*').count() > 1 => {
                    return Err(format!("`{text}`: a segment supports one `*` and no other special character"));
                }
                name => match name.split_once('*') {
                    None => Segment::Name(name.into()),
                    Some((start, end)) => Segment::Star { start: start.into(), end: end.into() },
                },
            });
        }
        if segments.len() > MAX_SEGMENTS {
            return Err(format!("`{text}` has more than {MAX_SEGMENTS} segments"));
        }
        if let Some(Segment::Name(first)) = segments.first()
            && let Some(reserved) = RESERVED.iter().find(|reserved| reserved.as_bytes() == first)
        {
            return Err(format!("`{text}`: {reserved}/ contains records of the repository, not plugins"));
        }
        Ok(DirectoryPattern { text: text.into(), segments })
    }

    /// Returns the text of the pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether a path may match both, or one pattern may match a directory inside a directory of the other.
    #[must_use]
    pub fn overlaps(&self, other: &DirectoryPattern) -> bool {
        self.segments.iter().zip(&other.segments).all(|(a, b)| a.meets(b))
    }

    /// Returns the number of segments.
    pub(super) fn depth(&self) -> usize {
        self.segments.len()
    }

    /// Returns whether the segment at a depth is spelled out.
    pub(super) fn is_name_at(&self, depth: usize) -> bool {
        matches!(self.segments.get(depth), Some(Segment::Name(_)))
    }

    /// Returns how many components of a path match segments from the start; `None` if one does not match.
    pub(super) fn matched(&self, path: &RepoPath) -> Option<usize> {
        let mut count = 0;
        for (name, segment) in path.components().zip(&self.segments) {
            let reserved = count == 0 && RESERVED.iter().any(|reserved| reserved.as_bytes() == name);
            if reserved || !segment.matches(name) {
                return None;
            }
            count += 1;
        }
        Some(count)
    }

    /// Returns the patterns of the directories above whose last segment is spelled out.
    pub(super) fn named_parents(&self) -> impl Iterator<Item = DirectoryPattern> {
        (1..self.segments.len()).filter(|depth| self.is_name_at(depth - 1)).map(|depth| {
            let text: Vec<&str> = self.text.split('/').take(depth).collect();
            DirectoryPattern { text: text.join("/"), segments: self.segments[..depth].to_vec() }
        })
    }

    /// Lists the entries that the pattern matches, with a mode that `is_wanted`.
    pub(super) fn entries(
        &self,
        snapshot: &dyn Snapshot,
        is_wanted: &dyn Fn(Mode) -> bool,
    ) -> Result<Vec<Node>> {
        let mut level = vec![snapshot.root()?];
        for (depth, segment) in self.segments.iter().enumerate() {
            let is_last = depth + 1 == self.segments.len();
            let is_next = |mode: Mode| if is_last { is_wanted(mode) } else { mode == Mode::Directory };
            let mut next = Vec::new();
            for directory in &level {
                let listing = snapshot.list(directory)?;
                let entries = matching(&listing, segment, depth == 0);
                let entries = entries.into_iter().filter(|(_, object)| is_next(object.mode));
                next.extend(entries.map(|(name, object)| Node { path: directory.path.join(name), object }));
            }
            level = next;
        }
        Ok(level)
    }

    /// Returns the path of a directory with this name, where the pattern leaves only its last segment open.
    pub(super) fn place(&self, name: &str) -> Option<String> {
        let (last, parents) = self.segments.split_last()?;
        let is_open = |segment: &Segment| matches!(segment, Segment::Star { .. });
        if !is_open(last) || parents.iter().any(is_open) || !last.matches(name.as_bytes()) {
            return None;
        }
        let parent = self.text.rsplit_once('/').map_or(String::new(), |(parent, _)| format!("{parent}/"));
        Some(format!("{parent}{name}"))
    }
}

/// Returns the entries of a directory that a segment matches.
fn matching<'l>(listing: &'l Listing, segment: &Segment, is_top: bool) -> Vec<(&'l [u8], snapshot::Object)> {
    let is_reserved = |name: &[u8]| is_top && RESERVED.iter().any(|reserved| reserved.as_bytes() == name);
    match segment {
        Segment::Name(name) => listing
            .get(name)
            .filter(|entry| !is_reserved(entry.name))
            .map(|entry| (entry.name, entry.object))
            .into_iter()
            .collect(),
        Segment::Star { .. } => listing
            .iter()
            .filter(|entry| segment.matches(entry.name) && !is_reserved(entry.name))
            .map(|entry| (entry.name, entry.object))
            .collect(),
    }
}
