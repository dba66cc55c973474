//! Keys of logs and witnesses, `name+id+base64` (C2SP signed-note, tlog-cosignature), and their signatures.

use digest::{Hasher, base64};
use ed25519_dalek::Signer as _;
use thiserror::Error;

/// The signature algorithm: the first byte of a key (C2SP signed-note).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519 over the note's text (0x01), used by logs.
    Ed25519,
    /// Ed25519 over the text and a time (0x04), used by witnesses.
    Cosignature,
    /// An algorithm that this program does not verify, such as ML-DSA-44 (0x06): its signatures are ignored, like those of unknown keys.
    Other(u8),
}

impl Algorithm {
    fn of(byte: u8) -> Algorithm {
        match byte {
            1 => Algorithm::Ed25519,
            4 => Algorithm::Cosignature,
            other => Algorithm::Other(other),
        }
    }

    fn byte(self) -> u8 {
        match self {
            Algorithm::Ed25519 => 1,
            Algorithm::Cosignature => 4,
            Algorithm::Other(byte) => byte,
        }
    }
}

/// Why a key cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not `name+id+base64`.
    #[error("a key has the form name+id+base64, where the id is eight hexadecimal digits")]
    Form,
    /// The name is empty, or contains a space or `+`.
    #[error("the name of a key must not be empty and must not contain spaces or `+`")]
    Name,
    /// The id was not computed from this name and key.
    #[error("the id of the key is {found}, but its name and bytes give {expected}")]
    Id {
        /// The id in the text.
        found: String,
        /// The id computed from name and key.
        expected: String,
    },
    /// The bytes are not a valid key of the algorithm.
    #[error("the bytes are not a valid key of the algorithm")]
    Bytes,
    /// A private key of an algorithm that this program cannot sign with.
    #[error("this program cannot sign with keys of type {0}")]
    Algorithm(u8),
}

/// A public key that verifies signatures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct VerifierKey {
    name: String,
    id: u32,
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl VerifierKey {
    /// Reads `name+id+base64(algorithm || key)`.
    ///
    /// # Errors
    /// When the text has another form, or the id does not match name and key.
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let (name, id, key) = parts(text)?;
        let (&first, bytes) = key.split_first().ok_or(KeyError::Bytes)?;
        let algorithm = Algorithm::of(first);
        let known = matches!(algorithm, Algorithm::Ed25519 | Algorithm::Cosignature);
        if known && (bytes.len() != 32 || ed25519(bytes).is_none()) {
            return Err(KeyError::Bytes);
        }
        let key = VerifierKey { name: name.into(), id: key_id(name, &key), algorithm, bytes: bytes.into() };
        key.check_id(id)?;
        Ok(key)
    }

    fn check_id(&self, found: &str) -> Result<(), KeyError> {
        let expected = format!("{:08x}", self.id);
        if found == expected { Ok(()) } else { Err(KeyError::Id { found: found.into(), expected }) }
    }

    /// Returns the name of the key; for the key of a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the id: the first four bytes of `SHA-256(name || 0x0A || algorithm || key)`.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Returns the algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the bytes of the key, without the algorithm byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether a signature (without the key id) of the text is valid under this key; `None` if the algorithm is unknown.
    #[must_use]
    pub fn verify(&self, text: &str, signature: &[u8]) -> Option<bool> {
        match self.algorithm {
            Algorithm::Ed25519 => Some(self.verify_bytes(text.as_bytes(), signature)),
            Algorithm::Cosignature => Some(match signature.split_first_chunk() {
                Some((time, signature)) => {
                    self.verify_bytes(cosigned(u64::from_be_bytes(*time), text).as_bytes(), signature)
                }
                None => false,
            }),
            Algorithm::Other(_) => None,
        }
    }

    /// Returns whether the signature of the bytes, without any framing, is valid under this Ed25519 key.
    #[must_use]
    pub fn verify_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        // Strict: keys of small order, under which many signatures are valid, are rejected.
        ed25519(&self.bytes)
            .zip(signature.ok())
            .is_some_and(|(key, signature)| key.verify_strict(message, &signature).is_ok())
    }
}

impl From<VerifierKey> for String {
    fn from(key: VerifierKey) -> String {
        key.to_string()
    }
}

impl TryFrom<String> for VerifierKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<VerifierKey, KeyError> {
        VerifierKey::parse(&text)
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = [&[self.algorithm.byte()], self.bytes.as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, base64::encode(&key))
    }
}

/// A private key. Its bytes are wiped when it is dropped.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// Creates a key from 32 random bytes.
    ///
    /// # Errors
    /// When the name is invalid, or this program cannot sign with the algorithm.
    pub fn from_seed(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<SigningKey, KeyError> {
        check_name(name)?;
        if let Algorithm::Other(byte) = algorithm {
            return Err(KeyError::Algorithm(byte));
        }
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let bytes = secret.verifying_key().to_bytes().to_vec();
        let id = key_id(name, &[&[algorithm.byte()], bytes.as_slice()].concat());
        Ok(SigningKey { secret, verifier: VerifierKey { name: name.into(), id, algorithm, bytes } })
    }

    /// Reads `PRIVATE+KEY+name+id+base64(algorithm || seed)`.
    ///
    /// # Errors
    /// When the text has another form, or the id does not match name and key.
    pub fn parse(text: &str) -> Result<SigningKey, KeyError> {
        let (name, id, key) = parts(text.strip_prefix(PRIVATE).ok_or(KeyError::Form)?)?;
        let (&first, seed) = key.split_first().ok_or(KeyError::Bytes)?;
        let seed = seed.try_into().map_err(|_| KeyError::Bytes)?;
        let key = SigningKey::from_seed(name, Algorithm::of(first), seed)?;
        key.verifier.check_id(id)?;
        Ok(key)
    }

    /// Returns the private key in the form that [`SigningKey::parse`] reads.
    #[must_use]
    pub fn secret(&self) -> String {
        let key = [&[self.verifier.algorithm.byte()], self.secret.to_bytes().as_slice()].concat();
        format!("{PRIVATE}{}+{:08x}+{}", self.verifier.name, self.verifier.id, base64::encode(&key))
    }

    /// Returns the public key.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs the text of a note and returns the signature line. Witnesses also sign `time`, in seconds since 1970; logs ignore it.
    #[must_use]
    pub fn sign(&self, text: &str, time: u64) -> String {
        let signature = match self.verifier.algorithm {
            Algorithm::Cosignature => {
                let signature = self.secret.sign(cosigned(time, text).as_bytes()).to_bytes();
                [time.to_be_bytes().as_slice(), &signature].concat()
            }
            _ => self.secret.sign(text.as_bytes()).to_bytes().to_vec(),
        };
        let bytes = [&self.verifier.id.to_be_bytes(), signature.as_slice()].concat();
        format!("\u{2014} {} {}\n", self.verifier.name, base64::encode(&bytes))
    }

    /// Signs bytes without any framing.
    #[must_use]
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

const PRIVATE: &str = "PRIVATE+KEY+";

/// The message that a witness signs (C2SP tlog-cosignature).
fn cosigned(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn ed25519(bytes: &[u8]) -> Option<ed25519_dalek::VerifyingKey> {
    ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()
}

fn parts(text: &str) -> Result<(&str, &str, Vec<u8>), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    check_name(name)?;
    if id.len() != 8 || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(KeyError::Form);
    }
    Ok((name, id, base64::decode(key).ok_or(KeyError::Form)?))
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let bad = |character: char| character.is_whitespace() || character.is_control() || character == '+';
    if name.is_empty() || name.contains(bad) { Err(KeyError::Name) } else { Ok(()) }
}

fn key_id(name: &str, key: &[u8]) -> u32 {
    let hash = Hasher::new().chain(name).chain("\n").chain(key).finish().0;
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip() {
        let key = SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[7; 32]).unwrap();
        assert_eq!(SigningKey::parse(&key.secret()).unwrap().verifier(), key.verifier());
        assert_eq!(VerifierKey::parse(&key.verifier().to_string()), Ok(key.verifier().clone()));
    }

    #[test]
    fn invalid_keys_are_refused() {
        let key = SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[7; 32]).unwrap();
        let text = key.verifier().to_string();
        let parts: Vec<&str> = text.splitn(3, '+').collect();
        for (text, error) in [
            (String::new(), KeyError::Form),
            ("example.org".into(), KeyError::Form),
            (format!("a b+{}+{}", parts[1], parts[2]), KeyError::Name),
            (format!("{}+{}+{}", parts[0], parts[1].to_uppercase(), parts[2]), KeyError::Form),
            (format!("{}+{}+{}A", parts[0], parts[1], parts[2]), KeyError::Form),
            (format!("{}+{}+AQ==", parts[0], parts[1]), KeyError::Bytes),
        ] {
            assert_eq!(VerifierKey::parse(&text), Err(error), "{text:?}");
        }
        let other = format!("example.com/log+{}+{}", parts[1], parts[2]);
        assert!(matches!(VerifierKey::parse(&other), Err(KeyError::Id { .. })));
        assert!(SigningKey::parse(&text).is_err(), "a public key cannot sign");
        assert!(SigningKey::from_seed("a+b", Algorithm::Ed25519, &[7; 32]).is_err());
    }
}
