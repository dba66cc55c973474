//! The fences of front matter: `---` around YAML, `+++` around TOML.

use std::ops::Range;

use super::Format;
use crate::SyntaxError;

/// Returns the format between the fences, and its byte range.
pub(super) fn find(text: &str, range: Range<usize>) -> Result<(Format, Range<usize>), SyntaxError> {
    let mut lines = text[range.clone()].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let fence = range.start..range.start + first.trim_end().len();
    let (format, ends): (Format, &[&str]) = match first.trim_end() {
        "---" => (Format::Yaml, &["---", "..."]),
        "+++" => (Format::Toml, &["+++"]),
        _ => {
            return Err(SyntaxError::new(
                fence.start..text.len().min(fence.start + 3),
                "missing front matter",
            )
            .help("start the file with a line `---`, the fields, and another line `---`"));
        }
    };
    let start = range.start + first.len();
    let mut at = start;
    for line in lines {
        if ends.contains(&line.trim_end()) {
            return Ok((format, start..at));
        }
        at += line.len();
    }
    let help = format!("end it with a line `{}`", ends[0]);
    Err(SyntaxError::new(fence, "front matter is not closed").help(help))
}
