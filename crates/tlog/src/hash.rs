//! The hashes of a Merkle tree (RFC 6962 §2.1).

use digest::{Digest, Hasher, base64, hex};

/// A SHA-256 hash, displayed in base64 as in checkpoints and proofs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Returns the root of the empty tree: `SHA-256("")`.
    #[must_use]
    pub fn empty() -> Hash {
        Digest::of(b"").into()
    }

    /// Hashes bytes without a prefix: `SHA-256(data)`.
    #[must_use]
    pub fn of(data: &[u8]) -> Hash {
        Digest::of(data).into()
    }

    /// Hashes a leaf: `SHA-256(0x00 || data)`.
    #[must_use]
    pub fn leaf(data: &[u8]) -> Hash {
        Hasher::new().chain([0]).chain(data).finish().into()
    }

    /// Hashes a node: `SHA-256(0x01 || left || right)`.
    #[must_use]
    pub fn node(left: &Hash, right: &Hash) -> Hash {
        let mut data = [1; 65];
        data[1..33].copy_from_slice(&left.0);
        data[33..].copy_from_slice(&right.0);
        Digest::of(data).into()
    }

    /// Reads base64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Hash> {
        Some(Hash(base64::decode(text)?.try_into().ok()?))
    }

    /// Writes hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Hash> {
        hex::decode(text.as_bytes().try_into().ok()?).map(Hash)
    }
}

impl From<Digest> for Hash {
    fn from(digest: Digest) -> Hash {
        Hash(digest.0)
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
