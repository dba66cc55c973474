//! What a plugin's documents claim: links, commands, probes, scenarios, budgets, coverage.
//!
//! Pure readers of strangers' texts: bounded, in linear time, without I/O. Every item knows the bytes it stands in.

pub mod budget;
pub mod command;
pub mod coverage;
pub mod feature;
mod gathered;
pub mod markdown;
pub mod probe;
mod problems;
pub mod target;

use std::ops::Range;

use artifact::Problem;

pub use gathered::Gathered;
use problems::{Problems, problem};

/// The longest text that is read, in bytes.
pub const LARGEST: usize = 1 << 20;

/// A value and the bytes it stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// The byte range in the source.
    pub span: Range<usize>,
}

impl<T> At<T> {
    pub(crate) fn new(value: T, span: Range<usize>) -> At<T> {
        At { value, span }
    }
}

/// Takes a file's bytes for a text.
///
/// # Errors
/// When it is longer than [`LARGEST`], begins with a byte order mark, or is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, Problem> {
    text_within(bytes, LARGEST)
}

fn text_within(bytes: &[u8], largest: usize) -> Result<&str, Problem> {
    refuse_length(bytes.len(), largest)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let help = Some("save it without one".into());
        return Err(Problem { help, ..problem(0..3, "the text begins with a byte order mark") });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let help = Some("save it as UTF-8".into());
        Problem { help, ..problem(at..at + 1, "the text is not UTF-8") }
    })
}

fn refuse_length(length: usize, largest: usize) -> Result<(), Problem> {
    match length <= largest {
        true => Ok(()),
        false => Err(problem(0..0, format!("the text is {length} bytes long, and the limit is {largest}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text() {
        assert_eq!(text("grüße".as_bytes()), Ok("grüße"));
        assert_eq!(text(b"\xef\xbb\xbfx").unwrap_err().span, 0..3);
        assert_eq!(text(b"ab\xff").unwrap_err().span, 2..3);
        assert_eq!(text("ab€".as_bytes().split_last().unwrap().1).unwrap_err().span, 2..3);
        assert!(text(&vec![b' '; LARGEST]).is_ok());
        let long = text(&vec![b' '; LARGEST + 1]).unwrap_err();
        assert_eq!(long.message, "the text is 1048577 bytes long, and the limit is 1048576");
    }
}
