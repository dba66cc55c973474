//! The hashes of a Merkle tree (RFC 6962 §2.1).

use sha2::{Digest as _, Sha256};

use crate::base64;

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

/// A SHA-256 hash, displayed in base64 as in checkpoints and proofs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Returns the root of the empty tree: `SHA-256("")`.
    #[must_use]
    pub fn empty() -> Hash {
        Hash(Sha256::digest(b"").into())
    }

    /// Hashes bytes without a prefix: `SHA-256(data)`.
    #[must_use]
    pub fn of(data: &[u8]) -> Hash {
        Hash(Sha256::digest(data).into())
    }

    /// Hashes a leaf: `SHA-256(0x00 || data)`.
    #[must_use]
    pub fn leaf(data: &[u8]) -> Hash {
        Hash(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
    }

    /// Hashes a node: `SHA-256(0x01 || left || right)`.
    #[must_use]
    pub fn node(left: &Hash, right: &Hash) -> Hash {
        let mut data = [1; 65];
        data[1..33].copy_from_slice(&left.0);
        data[33..].copy_from_slice(&right.0);
        Hash(Sha256::digest(data).into())
    }

    /// Reads base64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Hash> {
        Some(Hash(base64::decode(text)?.try_into().ok()?))
    }

    /// Writes hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            text.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
        text
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Hash> {
        let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
        let mut hash = [0; 32];
        let mut seen = 0;
        for at in 0..32 {
            let (high, low) =
                (NIBBLES[usize::from(digits[2 * at])], NIBBLES[usize::from(digits[2 * at + 1])]);
            seen |= high | low;
            hash[at] = high << 4 | low & 15;
        }
        // Every ledger line contains a hash, so the loop above has no branch per digit.
        if seen > 15 {
            return None;
        }
        Some(Hash(hash))
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&base64::encode(&self.0))
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_root_is_the_hash_of_the_empty_string() {
        assert_eq!(Hash::empty().to_string(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::from_hex(&Hash::empty().hex()), Some(Hash::empty()));
        assert_eq!(Hash::from_hex(&Hash::empty().hex().to_uppercase()), None, "each value has one spelling");
    }
}
