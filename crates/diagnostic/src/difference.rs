//! How a derived file differs from what is generated: a few lines of a diff, `-` committed and `+` generated.

use similar::{ChangeTag, TextDiff};

/// The most lines of a diff that are shown.
const MAX_DIFF_LINES: usize = 10;
/// How many lines of each side are compared from the first that differs: more would not be shown.
const MAX_COMPARED_LINES: usize = 40;
/// The most characters of a line that are shown.
const MAX_LINE_CHARS: usize = 120;

/// Some lines of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The lines without their common indentation, each with whether it is generated (`+`) or committed (`-`).
    pub lines: Vec<(bool, String)>,
    /// Whether lines were left out.
    pub is_cut: bool,
}

impl Difference {
    /// Compares what is committed with what is generated; `None` where both are the same, or one is not UTF-8.
    #[must_use]
    pub fn between(committed: &[u8], generated: &[u8]) -> Option<Difference> {
        let (old, new) = (std::str::from_utf8(committed).ok()?, std::str::from_utf8(generated).ok()?);
        if old == new {
            return None;
        }
        let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
        let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let (old, new) = (&old[same.min(old.len())..], &new[same.min(new.len())..]);
        let rest = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        let (old, new) = (&old[..old.len() - rest], &new[..new.len() - rest]);
        let left_out = old.len().max(new.len()) > MAX_COMPARED_LINES;
        let (old, new) =
            (&old[..old.len().min(MAX_COMPARED_LINES)], &new[..new.len().min(MAX_COMPARED_LINES)]);
        let diff = TextDiff::from_slices(old, new);
        let changed: Vec<(bool, &str)> = diff
            .iter_all_changes()
            .filter(|change| change.tag() != ChangeTag::Equal)
            .map(|change| (change.tag() == ChangeTag::Insert, change.value()))
            .collect();
        let shown = &changed[..changed.len().min(MAX_DIFF_LINES)];
        let is_cut = left_out || shown.len() < changed.len();
        let indentation =
            shown.iter().filter(|(_, line)| !line.trim().is_empty()).map(|(_, line)| indent(line));
        let indentation = indentation.min().unwrap_or_default();
        let lines = shown.iter().map(|(generated, line)| (*generated, cut(line, indentation))).collect();
        Some(Difference { lines, is_cut })
    }
}

/// Counts the spaces that a line starts with.
fn indent(line: &str) -> usize {
    line.bytes().take_while(|&byte| byte == b' ').count()
}

fn cut(line: &str, indentation: usize) -> String {
    let line = line.get(indentation..).unwrap_or_default();
    match line.char_indices().nth(MAX_LINE_CHARS) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_without_indentation() {
        let found = Difference::between(
            b"{\n    \"a\": 1,\n    \"t\": 30\n}\n",
            b"{\n    \"a\": 1,\n    \"t\": 10\n}\n",
        );
        let lines = vec![(false, "\"t\": 30".to_string()), (true, "\"t\": 10".to_string())];
        assert_eq!(found, Some(Difference { lines, is_cut: false }));
        assert_eq!(Difference::between(b"same\n", b"same\n"), None);
    }

    #[test]
    fn ten_lines_are_enough() {
        let (old, new) = ("a\n".repeat(10_000), "b\n".repeat(10_000));
        let found = Difference::between(old.as_bytes(), new.as_bytes()).unwrap();
        assert_eq!(found.lines.len(), MAX_DIFF_LINES);
        assert!(found.is_cut);
        let appended = Difference::between(b"a\n", b"a\nb\n").unwrap();
        assert_eq!(appended.lines, [(true, "b".to_string())]);
    }
}
