//! Lower-case hexadecimal digits.

/// The value of each byte as a lower-case hexadecimal digit; 0xFF if it is not one.
const NIBBLES: [u8; 256] = {
    let mut nibbles = [0xFF; 256];
    let digits = b"0123456789abcdef";
    let mut at = 0;
    while at < digits.len() {
        nibbles[digits[at] as usize] = at as u8;
        at += 1;
    }
    nibbles
};

/// Writes two lower-case digits per byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    text
}

/// Reads 64 lower-case digits.
#[must_use]
pub fn decode(digits: &[u8; 64]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let mut seen = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low) = (NIBBLES[usize::from(pair[0])], NIBBLES[usize::from(pair[1])]);
        seen |= high | low;
        *byte = high << 4 | low & 15;
    }
    // Every ledger line contains a digest, so the loop above has no branch per digit.
    (seen <= 15).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_round_trip() {
        let bytes: [u8; 32] = std::array::from_fn(|at| (at * 8) as u8);
        let text = encode(&bytes);
        assert_eq!(decode(text.as_bytes().try_into().unwrap()), Some(bytes));
        for bad in ["G", "g", " ", "A", "\u{7f}"] {
            let text = format!("{}{bad}", &text[..63]);
            assert_eq!(decode(text.as_bytes().try_into().unwrap()), None, "{bad:?}");
        }
    }
}
