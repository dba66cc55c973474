//! When two names are one on some file system: case and Unicode normalisation folded away.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Returns the form in which names that a case-folding or normalising file system confuses are equal.
///
/// ASCII is lower-cased; other text is normalised (NFC, UAX #15), lower-cased and normalised again. Bytes that are not UTF-8 stay as they are
/// but for their ASCII letters.
#[must_use]
pub fn fold(name: &[u8]) -> Cow<'_, [u8]> {
    if name.is_ascii() {
        return match name.iter().any(u8::is_ascii_uppercase) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
    }
    match std::str::from_utf8(name) {
        Ok(text) => {
            let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
            Cow::Owned(lower.nfc().collect::<String>().into_bytes())
        }
        Err(_) => Cow::Owned(name.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_fold_to_one_name() {
        assert_eq!(fold(b"ReadMe"), fold(b"README"));
        assert_eq!(fold("caf\u{e9}".as_bytes()), fold("CAFE\u{301}".as_bytes()));
        assert_ne!(fold(b"a\xff"), fold(b"a\xfe"));
    }
}
