//! The log itself: its name, and the keys that sign it one after another.

use tlog::{Algorithm, Hash, VerifierKey};

use super::{Result, illegal};
use crate::Event;

/// The log itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Log {
    /// The leaf hash of its last line: GENESIS, ROTATE_KEY or SEAL.
    pub last: Hash,
    /// Which log this is.
    pub origin: String,
    /// The key that signs it now.
    pub key: Option<VerifierKey>,
    /// Every key that ever signed it, with the line that brought it.
    pub keys: Vec<(VerifierKey, u64)>,
}

impl Log {
    /// Puts another key in the place of the one that signs; both sign the step.
    pub(super) fn rotate(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let key = |name: &str| event.text(name).and_then(|text| VerifierKey::parse(&text).ok());
        let signature = |name: &str| event.text(name).and_then(|text| from_hex(&text));
        let old = key("old_key");
        let Some(new) = key("new_key") else { return illegal("the new key is missing", None) };
        if old != self.key {
            let line = self.keys.last().map(|(_, line)| *line);
            return illegal("`old_key` is not the key that signs the log now", line);
        }
        if new.algorithm() != Algorithm::Ed25519 {
            return illegal("a log is signed with Ed25519: this is a witness's key", None);
        }
        if new.name() != self.origin {
            return illegal("the new key's name is not the log's origin", 0);
        }
        if let Some((_, line)) = self.keys.iter().find(|(key, _)| *key == new) {
            return illegal("this key signed the log before", *line);
        }
        let message = rotation(&self.origin, old.as_ref(), &new, &self.last);
        let holds = |key: &VerifierKey, name: &str| {
            signature(name).is_some_and(|signature| key.verify_bytes(message.as_bytes(), &signature))
        };
        if !holds(&new, "new_signature") || old.as_ref().is_some_and(|old| !holds(old, "old_signature")) {
            return illegal(
                "a rotation is signed by both keys, and one of the signatures does not hold",
                None,
            );
        }
        self.keys.push((new.clone(), number));
        self.key = Some(new);
        self.last = leaf;
        Ok(())
    }
}

/// What both keys sign when one takes the place of the other: log, keys, and the log's last own line, so that no signature serves twice.
#[must_use]
pub fn rotation(origin: &str, old: Option<&VerifierKey>, new: &VerifierKey, last: &Hash) -> String {
    let old = old.map_or_else(|| "none".into(), VerifierKey::to_string);
    format!("id-ledger/rotate-key/v1\n{origin}\n{old}\n{new}\n{}\n", last.hex())
}

pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
