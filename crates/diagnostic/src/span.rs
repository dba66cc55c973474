//! Places in a source: lines and columns from byte ranges, and the window of source that is shown.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use crate::sanitise;

/// A place in a source. Both numbers start at 1; the column counts characters (a byte that is not UTF-8 counts as one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A range of a source: from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

impl Span {
    /// Finds the lines and columns of a byte range of `source`; a range past the end is cut there.
    #[must_use]
    pub fn of(source: &[u8], range: Range<usize>) -> Span {
        let start = range.start.min(source.len());
        let end = range.end.clamp(start, source.len());
        Span { start: position(source, start), end: position(source, end) }
    }
}

fn position(source: &[u8], offset: usize) -> Position {
    let before = &source[..offset];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let column = before[line_start..]
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() as u32 + chunk.invalid().len() as u32);
    Position { line, column: column.sum::<u32>() + 1 }
}

/// The line of source that a finding points at, cut to a window and sanitised, so that a hostile line stays harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The line's number, from 1.
    pub line: u32,
    /// The window: at most [`Snippet::WIDTH`] characters of the line, sanitised.
    pub text: String,
    /// Whether characters before the window were left out.
    pub cut_before: bool,
    /// Whether characters after the window were left out.
    pub cut_after: bool,
    /// The highlighted bytes of `text`.
    pub highlight: Range<usize>,
}

impl Snippet {
    /// The widest window, in characters.
    pub const WIDTH: usize = 160;

    /// Cuts the window around the first line of a byte range of `source`.
    #[must_use]
    pub fn cut(source: &[u8], range: Range<usize>) -> Snippet {
        let start = range.start.min(source.len());
        let end = range.end.clamp(start, source.len());
        let line_start = source[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let line_end = source[start..].iter().position(|&b| b == b'\n').map_or(source.len(), |at| start + at);
        let end = end.min(line_end);
        // A window is taken in bytes near the highlight first, so that a line of a gigabyte costs no more than a short one.
        let reach = Snippet::WIDTH * 4;
        let from = line_start.max(start.saturating_sub(reach / 4));
        let to = line_end.min(start + reach);
        let characters = |bytes: &[u8]| -> usize {
            bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
        };
        let before = characters(&source[from..start]);
        let length = characters(&source[start..end.min(to)]).max(1);
        let skip = before.saturating_sub(Snippet::WIDTH / 2);
        // The carriage return of CRLF is part of the line's end.
        let shown = source[from..to].strip_suffix(b"\r").unwrap_or(&source[from..to]);
        let cells = sanitise::cells(shown);
        let window = &cells[skip.min(cells.len())..(skip + Snippet::WIDTH).min(cells.len())];
        let bytes = |cells: &[String]| cells.iter().map(String::len).sum::<usize>();
        let first = (before - skip).min(window.len());
        let last = (first + length).min(window.len());
        Snippet {
            line: position(source, start).line,
            cut_before: from > line_start || skip > 0,
            cut_after: to < line_end || cells.len() > skip + window.len(),
            text: window.concat(),
            highlight: bytes(&window[..first])..bytes(&window[..last]),
        }
    }

    /// Cuts the window further, to at most `columns` columns of a terminal that contain the start of the highlight.
    #[must_use]
    pub fn fit(&self, columns: usize) -> Snippet {
        let columns = columns.max(8);
        let width = |text: &str| text.width();
        if width(&self.text) + usize::from(self.cut_before) + usize::from(self.cut_after) <= columns {
            return self.clone();
        }
        // An ellipsis on either side.
        let columns = columns - 2;
        let mut from = 0;
        let marked = width(&self.text[self.highlight.clone()]).min(columns);
        while width(&self.text[from..self.highlight.start]) + marked > columns {
            from += self.text[from..].chars().next().map_or(1, char::len_utf8);
        }
        let mut to = from;
        for (at, character) in self.text[from..].char_indices() {
            let next = from + at + character.len_utf8();
            if width(&self.text[from..next]) > columns {
                break;
            }
            to = next;
        }
        let inside = |at: usize| at.clamp(from, to) - from;
        Snippet {
            line: self.line,
            text: self.text[from..to].to_string(),
            cut_before: self.cut_before || from > 0,
            cut_after: self.cut_after || to < self.text.len(),
            highlight: inside(self.highlight.start)..inside(self.highlight.end),
        }
    }
}

/// Returns the range of the line that contains a byte, without its line end; of the last line where the byte is past it.
#[must_use]
pub fn line_of(text: &[u8], at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let start = text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let end = text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |length| at + length);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = "a: 1\nkéy: wert\n".as_bytes();
        let at = source.windows(4).position(|w| w == b"wert").unwrap();
        let span = Span::of(source, at..at + 4);
        assert_eq!(span.start, Position { line: 2, column: 6 });
        assert_eq!(span.end, Position { line: 2, column: 10 });
        assert_eq!(Span::of(source, 99..120).start, Position { line: 3, column: 1 });
    }

    #[test]
    fn a_snippet_is_a_window() {
        let mut source = vec![b'x'; 10_000];
        source.extend_from_slice(b"NEEDLE");
        source.extend(vec![b'y'; 10_000]);
        let snippet = Snippet::cut(&source, 10_000..10_006);
        assert!(snippet.cut_before && snippet.cut_after && snippet.text.len() <= Snippet::WIDTH);
        assert_eq!(&snippet.text[snippet.highlight.clone()], "NEEDLE");
        let narrow = snippet.fit(40);
        assert_eq!((&narrow.text[narrow.highlight.clone()], narrow.text.len()), ("NEEDLE", 38));
        let short = Snippet::cut(b"one\ntwo\nthree", 4..7);
        assert_eq!((short.line, short.text.as_str(), short.highlight), (2, "two", 0..3));
    }
}
