//! Where in a text: lines and columns from byte ranges, and the window of source that is shown.

use std::ops::Range;

/// A place in a text. Both numbers start at 1; the column counts characters (a byte that is not UTF-8 counts as one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A stretch of text: from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character behind the last.
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

/// The line of source that a finding points at, cut to a window so that a hostile line stays harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The line's number, from 1.
    pub line: u32,
    /// The window: at most [`Snippet::WIDTH`] characters of the line, raw. Renderers sanitise it.
    pub text: Vec<u8>,
    /// Whether characters before the window were left out.
    pub cut_before: bool,
    /// Whether characters behind the window were left out.
    pub cut_after: bool,
    /// The highlighted characters, counted from 0 within `text`.
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
        // Widths are taken in bytes near the highlight first, so that a line of a gigabyte costs no more than a short one.
        let reach = Snippet::WIDTH * 4;
        let from = line_start.max(start.saturating_sub(reach / 4));
        let to = line_end.min(start + reach);
        let text: Vec<u8> = source[from..to].to_vec();
        let characters = |bytes: &[u8]| -> usize {
            bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
        };
        let before = characters(&source[from..start]);
        let length = characters(&source[start..end.min(to)]).max(1);
        let skip = before.saturating_sub(Snippet::WIDTH / 2);
        let all = split(&text);
        let window: Vec<&[u8]> = all.iter().copied().skip(skip).take(Snippet::WIDTH).collect();
        let highlight = before - skip..(before - skip + length).min(Snippet::WIDTH);
        Snippet {
            line: position(source, start).line,
            cut_before: from > line_start || skip > 0,
            cut_after: to < line_end || all.len() > skip + window.len(),
            text: window.concat(),
            highlight,
        }
    }
}

/// Parts bytes into characters; a byte that is not UTF-8 stands alone.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            parts.push(&bytes[at..at + character.len_utf8()]);
            at += character.len_utf8();
        }
        for _ in chunk.invalid() {
            parts.push(&bytes[at..=at]);
            at += 1;
        }
    }
    parts
}

/// Returns the bytes of the line that a byte stands in, without its end; of the last line where the byte is behind it.
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
        assert_eq!(&snippet.text[snippet.highlight.clone()], b"NEEDLE");
        let short = Snippet::cut(b"one\ntwo\nthree", 4..7);
        assert_eq!((short.line, short.text.as_slice(), short.highlight), (2, &b"two"[..], 0..3));
    }
}
