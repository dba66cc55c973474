//! Reads Gherkin tables: a row is a line between bars.

use std::ops::Range;

use crate::{Problems, Spanned};

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cells, trimmed.
    pub cells: Vec<Spanned<String>>,
    /// The byte range of the trimmed line.
    pub span: Range<usize>,
}

impl Table {
    /// Adds a row; reports one that has another number of cells than the first.
    pub(super) fn push(&mut self, row: Row, problems: &mut Problems) {
        if let Some(first) = self.rows.first().filter(|first| first.cells.len() != row.cells.len()) {
            let message =
                format!("the row has {} cells, but the first row has {}", row.cells.len(), first.cells.len());
            problems.push_with_help(row.span.clone(), message, "escape a bar inside of a cell as `\\|`");
        }
        self.rows.push(row);
    }
}

/// Reads a row from a line that starts with a bar; `start` is the offset of the line.
pub(super) fn row(line: &str, start: usize, problems: &mut Problems) -> Row {
    let mut cells = Vec::new();
    let mut text = String::new();
    let mut from = 1;
    let mut chars = line.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '|' => {
                let written = &line[from..at];
                let begin = from + written.len() - written.trim_start().len();
                let end = begin + written.trim().len();
                cells.push(Spanned::new(text.trim().to_string(), start + begin..start + end));
                text.clear();
                from = at + 1;
            }
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, escaped @ ('|' | '\\'))) => text.push(escaped),
                other => text.extend(['\\'].into_iter().chain(other.map(|(_, c)| c))),
            },
            c => text.push(c),
        }
    }
    if from < line.len() {
        problems.push_with_help(
            start + from..start + line.len(),
            "the row does not end with a bar",
            "close the last cell with `|`",
        );
    }
    Row { cells, span: start..start + line.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_split_and_unescaped() {
        let line = r"| a | b\|c | \\\n\x || é |";
        let mut problems = Problems::default();
        let found = row(line, 10, &mut problems);
        let cells: Vec<&str> = found.cells.iter().map(|cell| cell.value.as_str()).collect();
        assert_eq!(cells, ["a", "b|c", "\\\n\\x", "", "é"]);
        let written = &found.cells[1].span;
        assert_eq!(&line[written.start - 10..written.end - 10], r"b\|c");
        assert_eq!(problems.finish(), []);
    }

    #[test]
    fn rows_without_a_closing_bar_are_reported() {
        for line in ["| a | b", "|", "| a \\|", "| a | \\"] {
            let mut problems = Problems::default();
            row(line, 0, &mut problems);
            assert_eq!(problems.finish().len(), usize::from(line != "|"), "{line}");
        }
    }
}
