//! The text of a document: its size limit, its encoding, and values that keep their byte range in it.

use std::ops::Range;

use artifact::Problem;

use crate::problem;

/// The largest document that is read: far above any that a person writes, and small enough to read several at once.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// A value and its byte range in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The byte range in the source.
    pub span: Range<usize>,
}

impl<T> Spanned<T> {
    pub(crate) fn new(value: T, span: Range<usize>) -> Spanned<T> {
        Spanned { value, span }
    }
}

/// Decodes the content of a file as UTF-8.
///
/// # Errors
/// When it is longer than [`MAX_DOCUMENT_BYTES`], starts with a byte order mark, or is not UTF-8.
pub fn decode_text(bytes: &[u8]) -> Result<&str, Problem> {
    decode_text_within(bytes, MAX_DOCUMENT_BYTES)
}

pub(crate) fn decode_text_within(bytes: &[u8], limit: usize) -> Result<&str, Problem> {
    check_length(bytes.len(), limit)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let help = Some("save it without a byte order mark".into());
        return Err(Problem { help, ..problem(0..3, "the file starts with a byte order mark") });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let help = Some("save it as UTF-8".into());
        Problem { help, ..problem(at..at + 1, "the file is not UTF-8") }
    })
}

pub(crate) fn check_length(length: usize, limit: usize) -> Result<(), Problem> {
    if length <= limit {
        return Ok(());
    }
    Err(problem(0..0, format!("the file is {length} bytes long; the limit is {limit}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf8_within_the_limit_is_decoded() {
        assert_eq!(decode_text("grüße".as_bytes()), Ok("grüße"));
        assert_eq!(decode_text(b"\xef\xbb\xbfx").unwrap_err().span, 0..3);
        assert_eq!(decode_text(b"ab\xff").unwrap_err().span, 2..3);
        assert_eq!(decode_text("ab€".as_bytes().split_last().unwrap().1).unwrap_err().span, 2..3);
        assert!(decode_text(&vec![b' '; MAX_DOCUMENT_BYTES]).is_ok());
        let long = decode_text(&vec![b' '; MAX_DOCUMENT_BYTES + 1]).unwrap_err();
        assert_eq!(long.message, "the file is 1048577 bytes long; the limit is 1048576");
    }
}
