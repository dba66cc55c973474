//! Front matter: the YAML between two `---` lines at the start of a Markdown file.

use std::ops::Range;

use crate::SyntaxError;

/// Returns the byte range of the YAML.
pub(crate) fn find(text: &str) -> Result<Range<usize>, SyntaxError> {
    let Some(start) = text.strip_prefix("---\n").map(|_| 4) else { return Err(why_missing(text)) };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end_matches('\n') == "---" {
            return Ok(start..at);
        }
        if line.trim() == "---" {
            return Err(not_exactly(at..at + line.trim_end().len(), line));
        }
        at += line.len();
    }
    Err(SyntaxError::new(0..3, "front matter is not closed").help("end it with a line `---`"))
}

fn why_missing(text: &str) -> SyntaxError {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim() == "---" {
        return not_exactly(0..first.trim_end().len(), first);
    }
    SyntaxError::new(0..text.len().min(3), "missing front matter")
        .help("start the file with a line `---`, the fields, and another line `---`")
}

/// Reports a line that looks like the start or the end of front matter.
fn not_exactly(span: Range<usize>, line: &str) -> SyntaxError {
    if line.trim_end_matches('\n') == "---\r" {
        return SyntaxError::new(span, "the lines of the front matter end in CRLF")
            .help("save the file with LF");
    }
    SyntaxError::new(span, "the line is not exactly `---`").help("remove the blanks before and after `---`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_not_exactly_a_fence_is_named() {
        let message = |text: &str| find(text).unwrap_err().message;
        assert_eq!(message("---\r\na: 1\r\n---\r\n"), "the lines of the front matter end in CRLF");
        assert_eq!(message("--- \na: 1\n---\n"), "the line is not exactly `---`");
        assert_eq!(message("---\na: 1\n--- \n"), "the line is not exactly `---`");
        assert_eq!(message("# x\n"), "missing front matter");
    }
}
