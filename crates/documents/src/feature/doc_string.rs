//! Doc strings below steps: the lines between two fences, without the indentation of the first fence.

use std::ops::Range;

use crate::Spanned;

/// The marks before and after a doc string.
const FENCES: [&str; 2] = ["\"\"\"", "```"];

/// A doc string that is being read.
pub(super) struct DocString {
    /// The fence that opened it.
    pub(super) fence: &'static str,
    /// The byte range of the line with the opening fence.
    pub(super) opening: Range<usize>,
    indent: usize,
    text: String,
    span: Option<Range<usize>>,
}

impl DocString {
    /// Opens a doc string if the line starts with a fence; the media type after the fence is ignored.
    pub(super) fn open(bare: &str, indent: usize, opening: Range<usize>) -> Option<DocString> {
        let fence = FENCES.into_iter().find(|fence| bare.starts_with(fence))?;
        Some(DocString { fence, opening, indent, text: String::new(), span: None })
    }

    /// Adds a line; returns `false` for the closing fence.
    pub(super) fn push_line(&mut self, line: &str, start: usize) -> bool {
        if line.trim().starts_with(self.fence) {
            return false;
        }
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        let cut = blank.min(self.indent);
        let text = line[cut..].trim_end_matches(['\n', '\r']);
        if self.span.is_some() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        let first = self.span.as_ref().map_or(start + cut, |span| span.start);
        self.span = Some(first..start + cut + text.len());
        true
    }

    /// Returns the content; a fence inside of it is escaped with backslashes.
    pub(super) fn finish(self) -> Spanned<String> {
        let escaped: String = self.fence.chars().flat_map(|c| ['\\', c]).collect();
        let end = self.opening.end;
        Spanned::new(self.text.replace(&escaped, self.fence), self.span.unwrap_or(end..end))
    }
}
