//! Text joined from pieces of a source, with the position of every piece in that source.

use std::ops::Range;

/// Text and the positions of its pieces in the source, such as code without the indentation and quote marks around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinedText {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    inner: usize,
    outer: Range<usize>,
    /// Whether the piece equals its source byte for byte; if not, only the piece as a whole has a position.
    exact: bool,
}

impl JoinedText {
    /// Adds text that was read from a range of the source.
    pub(crate) fn push(&mut self, text: &str, source: &str, outer: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let exact = source.get(outer.clone()) == Some(text);
        let inner = self.text.len();
        self.text.push_str(text);
        match self.pieces.last_mut() {
            Some(last) if exact && last.exact && last.outer.end == outer.start => last.outer.end = outer.end,
            _ => self.pieces.push(Piece { inner, outer, exact }),
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the range in the source; `None` for empty text.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        Some(self.pieces.first()?.outer.start..self.pieces.last()?.outer.end)
    }

    /// Converts a range of the text to a range of the source.
    #[must_use]
    pub fn outer(&self, inner: Range<usize>) -> Range<usize> {
        let Some(first) = self.pieces.first() else { return 0..0 };
        let found = self.pieces.partition_point(|piece| piece.inner <= inner.start).saturating_sub(1);
        let piece = self.pieces.get(found).unwrap_or(first);
        let start = if piece.exact {
            (piece.outer.start + (inner.start - piece.inner)).min(piece.outer.end)
        } else {
            piece.outer.start
        };
        if inner.end <= inner.start {
            return start..start;
        }
        // The end belongs to the piece of the last byte: the next piece starts after the source bytes that were left out.
        let found = self.pieces.partition_point(|piece| piece.inner < inner.end).saturating_sub(1);
        let piece = self.pieces.get(found).unwrap_or(first);
        let end = if piece.exact {
            (piece.outer.start + (inner.end - piece.inner)).min(piece.outer.end)
        } else {
            piece.outer.end
        };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_converted_to_the_source() {
        let source = "> one\n> two\n";
        let mut joined = JoinedText::default();
        assert_eq!((joined.span(), joined.outer(0..3)), (None, 0..0));
        joined.push("one", source, 2..5);
        joined.push("\n", source, 5..6);
        joined.push("two\n", source, 8..12);
        assert_eq!(joined.text(), "one\ntwo\n");
        assert_eq!(joined.span(), Some(2..12));
        for (inner, outer) in [(0..3, 2..5), (0..4, 2..6), (4..7, 8..11), (2..6, 4..10), (8..8, 12..12)] {
            assert_eq!(joined.outer(inner.clone()), outer, "{inner:?}");
        }
        assert_eq!(joined.outer(50..60), 12..12, "after the end");
        joined.push("\u{fffd}", source, 0..1);
        assert_eq!(joined.outer(9..10), 0..1, "an inexact piece has one position for all of its bytes");
    }
}
