//! Front matter: the YAML between two `---` lines at the start of a Markdown file.

use std::ops::Range;

use crate::SyntaxError;

/// Returns the byte range of the YAML.
pub(crate) fn find(text: &str) -> Result<Range<usize>, SyntaxError> {
    let none = || {
        SyntaxError::new(0..text.len().min(3), "missing front matter")
            .help("start the file with a line `---`, the fields, and another line `---`")
    };
    let start = text.strip_prefix("---\n").map(|_| 4).ok_or_else(none)?;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end_matches('\n') == "---" {
            return Ok(start..at);
        }
        at += line.len();
    }
    Err(SyntaxError::new(0..3, "front matter is not closed").help("end it with a line `---`"))
}
