//! Events to be written, and the lines that they become.

use artifact::Ulid;
use digest::Digest;
use snapshot::RepoPath;
use tlog::Hash;

use super::{BY_HAND, DERIVED, DERIVED_2, EventType};
use crate::canonical::Json;
use crate::time;

/// An event to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The type of the event.
    pub kind: EventType,
    /// The identity; `None` for events of the log itself.
    pub subject: Option<Ulid>,
    /// The commit that the event is derived from; `None` if it is appended manually.
    pub src: Option<String>,
    /// The time, in seconds since 1970.
    pub time: i64,
    /// The person who did it.
    pub by: String,
    /// SHA-256 of the ID card.
    pub card_sha256: Option<Hash>,
    /// SHA-256 of an attestation.
    pub att: Option<Hash>,
    /// The payload.
    pub payload: Vec<(&'static str, Json)>,
    /// The file that the event is derived from; not part of the line.
    pub source_file: RepoPath,
    /// The index among the events of the same source, type and identity, from 0; for manual events the line number.
    pub ordinal: u64,
}

impl Draft {
    /// Returns the line, without its newline.
    #[must_use]
    pub fn line(&self, prev: Option<&Hash>) -> String {
        let seals_second_form =
            self.kind == EventType::Seal && self.payload.iter().any(|(name, _)| *name == "state");
        let via = if seals_second_form {
            DERIVED_2
        } else if self.src.is_some() {
            DERIVED
        } else {
            BY_HAND
        };
        let seconds = time::clamp(self.time);
        let mut members = vec![
            ("actor", Json::object([("by", Json::text(self.by.clone())), ("via", Json::text(via))])),
            ("event_ulid", Json::text(self.event_ulid(seconds).to_string())),
            ("payload", Json::object(self.payload.iter().cloned())),
            ("ts", Json::text(time::write(seconds))),
            ("type", Json::text(self.kind.name())),
            ("v", Json::Integer(1)),
        ];
        let optional = [
            ("att", self.att.map(|hash| hash.hex())),
            ("card_sha256", self.card_sha256.map(|hash| hash.hex())),
            ("prev", prev.map(Hash::hex)),
            ("src", self.src.clone()),
            ("subject_ulid", self.subject.map(|ulid| ulid.to_string())),
        ];
        members.extend(optional.into_iter().filter_map(|(name, text)| Some((name, Json::text(text?)))));
        Json::object(members).to_string()
    }

    /// The id is derived from the content, so that two concurrent writers write the same line.
    fn event_ulid(&self, seconds: i64) -> Ulid {
        let src = self.src.as_deref().unwrap_or_default();
        let subject = self.subject.map(|ulid| ulid.to_string()).unwrap_or_default();
        let text = format!("{src}\n{}\n{subject}\n{}\n", self.kind.name(), self.ordinal);
        let mut rest = [0; 10];
        rest.copy_from_slice(&Digest::of(text).0[..10]);
        Ulid::of(seconds as u64 * 1000, rest)
    }
}
