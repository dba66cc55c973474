//! Path patterns on bytes: `*` and `?` within a segment, `**` for any number of segments.

use snapshot::fold::fold;
use thiserror::Error;

/// The segments of a pattern. A set of matched segments is a `u64`.
const MAX_PATTERN_SEGMENTS: usize = 32;

/// A pattern over repository paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
    /// The parts with case and Unicode normalization folded.
    folded: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `**`: any number of segments, including none.
    Any,
    /// One segment.
    Name(Vec<u8>),
}

/// The reason why a pattern is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// The text is empty.
    #[error("the pattern is empty")]
    Empty,
    /// A segment is empty, `.` or `..`.
    #[error(
        "`{0}` is not a valid segment: a pattern is relative to the root and has no empty, `.` or `..` segment"
    )]
    Name(String),
    /// A segment contains `**` and other characters.
    #[error("`{0}`: `**` matches whole segments and cannot be combined with other characters")]
    DoubleStar(String),
    /// A character is special in other pattern languages, but not supported here.
    #[error(
        "`{0}`: a pattern supports `*`, `?` and `**`, but no brackets, braces, `!` or `\\`: write a separate entry for each path"
    )]
    Foreign(String),
    /// It has too many segments.
    #[error("the pattern has more than {MAX_PATTERN_SEGMENTS} segments")]
    TooLong,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When the pattern is invalid.
    pub fn new(text: &str) -> Result<Pattern, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        let mut parts = Vec::new();
        for name in text.split('/') {
            parts.push(match name {
                "**" => Part::Any,
                "" | "." | ".." => return Err(PatternError::Name(name.into())),
                name if name.contains("**") => return Err(PatternError::DoubleStar(name.into())),
                // Read literally, they would silently match nothing.
                name if name.contains(['[', ']', '{', '}', '!', '\\']) => {
                    return Err(PatternError::Foreign(name.into()));
                }
                name => Part::Name(name.as_bytes().to_vec()),
            });
        }
        if parts.len() > MAX_PATTERN_SEGMENTS {
            return Err(PatternError::TooLong);
        }
        let fold_part = |part: &Part| match part {
            Part::Any => Part::Any,
            Part::Name(name) => Part::Name(fold(name).into_owned()),
        };
        let folded = parts.iter().map(fold_part).collect();
        Ok(Pattern { text: text.into(), parts, folded })
    }

    /// Returns the text of the pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the only path that the pattern matches; `None` for one with wildcards.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        (!self.text.contains(['*', '?'])).then_some(&self.text)
    }

    /// Returns whether its last segment has no wildcard: it names the file.
    #[must_use]
    pub fn names_the_file(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Name(name)) if !name.iter().any(|byte| matches!(byte, b'*' | b'?')))
    }

    /// Returns whether the pattern matches a whole path.
    #[must_use]
    pub fn matches(&self, path: &[u8]) -> bool {
        reach(&self.parts, path, false) == Reach::Whole
    }

    /// Returns whether the pattern matches a whole path, ignoring case and Unicode normalization.
    #[must_use]
    pub fn matches_folded(&self, path: &[u8]) -> bool {
        reach(&self.folded, &fold(path), false) == Reach::Whole
    }

    /// Returns whether a path below the directory may match, ignoring case.
    #[must_use]
    pub fn enters(&self, directory: &[u8]) -> bool {
        directory.is_empty() || reach(&self.folded, &fold(directory), true) != Reach::None
    }

    /// Returns the shortest leading directory of `path` that the pattern matches, `path` itself excluded: the unit that contains it.
    #[must_use]
    pub fn unit_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        leading(path).find(|prefix| self.matches(prefix))
    }

    /// As [`Pattern::unit_of`], ignoring case and Unicode normalization.
    #[must_use]
    pub fn unit_of_folded<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        leading(path).find(|prefix| self.matches_folded(prefix))
    }

    /// Returns the shortest leading part of `path` that the pattern matches, `path` itself included: the identity it belongs to.
    #[must_use]
    pub fn identity_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        self.unit_of(path).or_else(|| self.matches(path).then_some(path))
    }
}

/// The directories above a path, outermost first.
fn leading(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at])
}

#[derive(Debug, PartialEq, Eq)]
enum Reach {
    /// The path matches.
    Whole,
    /// The path is a directory below which a path may match.
    Inside,
    None,
}

/// Follows all matches at once: bit `n` of `states` means that the first `n` parts are matched.
fn reach(parts: &[Part], path: &[u8], inside: bool) -> Reach {
    let mut states: u64 = close(parts, 1);
    for name in path.split(|&byte| byte == b'/') {
        let mut next = 0u64;
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| states >> at & 1 == 1) {
            match part {
                Part::Any => next |= 1 << at,
                Part::Name(glob) if name_matches(glob, name) => next |= 1 << (at + 1),
                Part::Name(_) => {}
            }
        }
        states = close(parts, next);
        if states == 0 {
            return Reach::None;
        }
    }
    let whole = states >> parts.len() & 1 == 1;
    match (whole, states & !(1 << parts.len())) {
        (true, _) if !inside => Reach::Whole,
        (_, 0) => {
            if inside && whole {
                Reach::Inside
            } else {
                Reach::None
            }
        }
        _ => Reach::Inside,
    }
}

/// `**` also matches no name at all.
fn close(parts: &[Part], mut states: u64) -> u64 {
    for (at, part) in parts.iter().enumerate() {
        if states >> at & 1 == 1 && *part == Part::Any {
            states |= 1 << (at + 1);
        }
    }
    states
}

/// Matches `*` (any bytes) and `?` (one byte) within a segment. It backtracks to the last star only, so it takes no exponential time.
fn name_matches(glob: &[u8], name: &[u8]) -> bool {
    let (mut g, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g, n));
                g += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[n] => {
                g += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    g = at + 1;
                    n = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).unwrap()
    }

    #[test]
    fn star_matches_within_a_segment() {
        for (text, path, expected) in [
            ("ids/cards/*.yaml", "ids/cards/A.yaml", true),
            ("ids/cards/*.yaml", "ids/cards/x/A.yaml", false),
            ("ids/cards/*.yaml", "ids/cards/A.yml", false),
            ("*/**", "a/b", true),
            ("*/**", "a/b/c", true),
            ("**/x.json", "x.json", true),
            ("**/x.json", "a/b/x.json", true),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("a/**/z", "b/z", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
        ] {
            assert_eq!(pattern(text).matches(path.as_bytes()), expected, "{text} {path}");
        }
    }

    #[test]
    fn enters_only_directories_that_may_match() {
        let cards = pattern("ids/cards/*.yaml");
        for (directory, expected) in [
            ("", true),
            ("ids", true),
            ("IDS", true),
            ("ids/cards", true),
            ("plugins", false),
            ("ids/other", false),
        ] {
            assert_eq!(cards.enters(directory.as_bytes()), expected, "{directory}");
        }
        assert!(pattern("**/x.json").enters(b"any/where"));
    }

    #[test]
    fn unit_is_the_matching_directory_of_a_path() {
        let unit = pattern("modules/*/*");
        assert_eq!(unit.unit_of(b"modules/m/1.0/src/x"), Some(&b"modules/m/1.0"[..]));
        assert_eq!(unit.unit_of(b"modules/m/metadata.json"), None, "a file is not a unit");
        assert_eq!(unit.identity_of(b"modules/m/metadata.json"), Some(&b"modules/m/metadata.json"[..]));
        assert_eq!(unit.unit_of_folded(b"Modules/m/1.0/x"), Some(&b"Modules/m/1.0"[..]));
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        for text in ["", "/a", "a//b", "a/../b", "a**", &"a/".repeat(40)] {
            assert!(Pattern::new(text).is_err(), "{text:?}");
        }
    }
}
