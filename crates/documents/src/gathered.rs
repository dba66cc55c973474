//! A text gathered from pieces of another one, which knows where its bytes came from.

use std::ops::Range;

/// A text and where its pieces stand in the source: code without the indentation and quote marks around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    inner: usize,
    outer: Range<usize>,
    /// Byte for byte the source; otherwise the reader wrote it differently, and only the whole piece has a place.
    exact: bool,
}

impl Gathered {
    /// Adds what was read from a range of the source.
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

    /// Returns where it stands in the source; `None` where it is empty.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        Some(self.pieces.first()?.outer.start..self.pieces.last()?.outer.end)
    }

    /// Returns where a range of the text stands in the source.
    #[must_use]
    pub fn outer(&self, inner: Range<usize>) -> Range<usize> {
        let Some(first) = self.pieces.first() else { return 0..0 };
        let found = self.pieces.partition_point(|piece| piece.inner <= inner.start).saturating_sub(1);
        let piece = self.pieces.get(found).unwrap_or(first);
        let start = match piece.exact {
            true => (piece.outer.start + (inner.start - piece.inner)).min(piece.outer.end),
            false => piece.outer.start,
        };
        if inner.end <= inner.start {
            return start..start;
        }
        // The piece that holds the last byte: behind a line's end the next piece begins with what is left out.
        let found = self.pieces.partition_point(|piece| piece.inner < inner.end).saturating_sub(1);
        let piece = self.pieces.get(found).unwrap_or(first);
        let end = match piece.exact {
            true => (piece.outer.start + (inner.end - piece.inner)).min(piece.outer.end),
            false => piece.outer.end,
        };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_again() {
        let source = "> one\n> two\n";
        let mut gathered = Gathered::default();
        assert_eq!((gathered.span(), gathered.outer(0..3)), (None, 0..0));
        gathered.push("one", source, 2..5);
        gathered.push("\n", source, 5..6);
        gathered.push("two\n", source, 8..12);
        assert_eq!(gathered.text(), "one\ntwo\n");
        assert_eq!(gathered.span(), Some(2..12));
        for (inner, outer) in [(0..3, 2..5), (0..4, 2..6), (4..7, 8..11), (2..6, 4..10), (8..8, 12..12)] {
            assert_eq!(gathered.outer(inner.clone()), outer, "{inner:?}");
        }
        assert_eq!(gathered.outer(50..60), 12..12, "beyond the end");
        gathered.push("\u{fffd}", source, 0..1);
        assert_eq!(gathered.outer(9..10), 0..1, "what was written differently has the place of all of it");
    }
}
