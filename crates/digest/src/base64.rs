//! Strict base64 (RFC 4648 §4): padded, and exactly one spelling for each value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Writes padded base64.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads strict base64: padding is required, and unused bits are zero.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_spelling() {
        assert_eq!(decode("AA=="), Some(vec![0]));
        for other in ["AB==", "AA", "AA=", "AA==\n", " AA==", "AA==AA==", "-_==", "A"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
