//! Texts below steps: lines between two fences, less the indentation of the first one.

use std::ops::Range;

use crate::At;

/// The marks that a text stands between.
const FENCES: [&str; 2] = ["\"\"\"", "```"];

/// A text that is being read.
pub(super) struct Doc {
    /// Its fence.
    pub(super) fence: &'static str,
    /// Where the line of its fence stands.
    pub(super) opening: Range<usize>,
    indent: usize,
    text: String,
    span: Option<Range<usize>>,
}

impl Doc {
    /// Begins a text with a line, if it is a fence; what stands behind the fence says of which type it is.
    pub(super) fn begin(bare: &str, indent: usize, opening: Range<usize>) -> Option<Doc> {
        let fence = FENCES.into_iter().find(|fence| bare.starts_with(fence))?;
        Some(Doc { fence, opening, indent, text: String::new(), span: None })
    }

    /// Takes a line; `false` where it ends the text.
    pub(super) fn take(&mut self, line: &str, start: usize) -> bool {
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

    /// Returns the text. A fence inside of it is written with backslashes.
    pub(super) fn finish(self) -> At<String> {
        let escaped: String = self.fence.chars().flat_map(|c| ['\\', c]).collect();
        let end = self.opening.end;
        At::new(self.text.replace(&escaped, self.fence), self.span.unwrap_or(end..end))
    }
}
