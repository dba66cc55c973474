//! The state of the log itself: its origin and its signing keys.

use tlog::{Algorithm, Hash, VerifierKey};

use super::{Result, illegal};
use crate::Event;

/// The state of the log itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Log {
    /// The leaf hash of its last line: GENESIS, ROTATE_KEY or SEAL.
    pub last: Hash,
    /// The origin (name) of the log.
    pub origin: String,
    /// The current signing key.
    pub key: Option<VerifierKey>,
    /// All signing keys so far, with the line that introduced each.
    pub keys: Vec<(VerifierKey, u64)>,
}

impl Log {
    /// Replaces the signing key; both keys must sign the change.
    pub(super) fn rotate(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let key = |name: &str| event.text(name).and_then(|text| VerifierKey::parse(&text).ok());
        let signature = |name: &str| event.text(name).and_then(|text| from_hex(&text));
        let old = key("old_key");
        let Some(new) = key("new_key") else { return illegal("the new key is missing", None) };
        if old != self.key {
            let line = self.keys.last().map(|(_, line)| *line);
            return illegal("`old_key` is not the current signing key of the log", line);
        }
        if new.algorithm() != Algorithm::Ed25519 {
            return illegal("expected a log key (Ed25519), found a witness key", None);
        }
        if new.name() != self.origin {
            return illegal("the name of the new key is not the origin of the log", 0);
        }
        if let Some((_, line)) = self.keys.iter().find(|(key, _)| *key == new) {
            return illegal("this key was already used to sign the log", *line);
        }
        let message = rotation(&self.origin, old.as_ref(), &new, &self.last);
        let is_valid = |key: &VerifierKey, name: &str| {
            signature(name).is_some_and(|signature| key.verify_bytes(message.as_bytes(), &signature))
        };
        if !is_valid(&new, "new_signature") || old.as_ref().is_some_and(|old| !is_valid(old, "old_signature"))
        {
            return illegal("both keys must sign a rotation, and a signature is invalid", None);
        }
        self.keys.push((new.clone(), number));
        self.key = Some(new);
        self.last = leaf;
        Ok(())
    }
}

/// Returns the message that both keys sign in a rotation: log, keys, and the log's own last line, so that a signature cannot be reused.
#[must_use]
pub fn rotation(origin: &str, old: Option<&VerifierKey>, new: &VerifierKey, last: &Hash) -> String {
    let old = old.map_or_else(|| "none".into(), VerifierKey::to_string);
    format!("id-ledger/rotate-key/v1\n{origin}\n{old}\n{new}\n{}\n", last.hex())
}

pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
