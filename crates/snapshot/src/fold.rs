//! Case and Unicode normalization folding: names that collide on some file system.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Returns the folded form, in which names that collide on a case-folding or normalizing file system are equal.
///
/// ASCII is lower-cased; other text is normalised (NFC, UAX #15), lower-cased and normalised again. Bytes that are not UTF-8 stay as they are
/// but for their ASCII letters.
#[must_use]
pub fn fold(name: &[u8]) -> Cow<'_, [u8]> {
    if name.is_ascii() {
        let has_uppercase = name.iter().any(u8::is_ascii_uppercase);
        return if has_uppercase { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) };
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
    fn colliding_names_fold_to_one_name() {
        assert_eq!(fold(b"ReadMe"), fold(b"README"));
        assert_eq!(fold("caf\u{e9}".as_bytes()), fold("CAFE\u{301}".as_bytes()));
        assert_ne!(fold(b"a\xff"), fold(b"a\xfe"));
    }
}
