//! Front matter: the YAML between two `---` lines at the head of a Markdown file.

use std::ops::Range;

use crate::SyntaxError;

/// Finds the YAML's bytes.
pub(crate) fn find(text: &str) -> Result<Range<usize>, SyntaxError> {
    let none = || {
        SyntaxError::new(0..text.len().min(3), "the document has no front matter")
            .help("begin it with a line `---`, the fields, and another line `---`")
    };
    let start = text.strip_prefix("---\n").map(|_| 4).ok_or_else(none)?;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end_matches('\n') == "---" {
            return Ok(start..at);
        }
        at += line.len();
    }
    Err(SyntaxError::new(0..3, "the front matter does not end").help("close it with a line `---`"))
}
