//! Requests in `.ledger/pending/`: files in a change that ask for events which cannot be derived from a card or spec.

use artifact::{Problem, Ulid};
use snapshot::RepoPath;
use tlog::Hash;

use crate::canonical::Scanner;
use crate::form::fields;
use crate::{Draft, EventType, Json, sha256};

/// The size of a request, in bytes: with the fields that recording adds, it still fits in a line.
const MAX_REQUEST_BYTES: usize = 12_000;

/// A request: one canonical line `{"att"?, "payload", "subject_ulid", "type"}` in a file named after its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The type of the event.
    pub kind: EventType,
    /// The identity.
    pub subject: Ulid,
    /// SHA-256 of an attestation.
    pub att: Option<Hash>,
    /// The payload.
    pub payload: Vec<(&'static str, Json)>,
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// When the content is invalid, or the file name is not its SHA-256.
    pub fn read(path: &RepoPath, text: &[u8]) -> Result<Request, Problem> {
        let expected = format!("{}.json", sha256(text).hex());
        if path.name() != expected.as_bytes() {
            return Err(Problem::new(
                0..0,
                format!("the file name does not match the SHA-256 of the request; expected {expected}"),
            ));
        }
        if text.len() > MAX_REQUEST_BYTES {
            return Err(Problem::new(
                MAX_REQUEST_BYTES..text.len(),
                format!("a request must not exceed {MAX_REQUEST_BYTES} bytes"),
            ));
        }
        let line = text
            .strip_suffix(b"\n")
            .ok_or_else(|| Problem::new(text.len()..text.len(), "the final newline is missing"))?;
        let (mut kind, mut subject, mut att, mut payload) = (None, None, None, None);
        let mut scanner = Scanner::new(line)?;
        scanner.object(|key, scanner| {
            match key.value().as_ref() {
                "type" => {
                    let text = scanner.text()?;
                    let found = EventType::from_name(&text.value()).filter(|kind| is_requestable(*kind));
                    kind = Some(found.ok_or_else(|| {
                        Problem::new(text.span(), "events of this type cannot be requested")
                    })?);
                }
                "subject_ulid" => {
                    let text = scanner.text()?;
                    let ulid = Ulid::parse(&text.value());
                    subject = Some(ulid.map_err(|error| Problem::new(text.span(), error.to_string()))?);
                }
                "att" => {
                    let text = scanner.text()?;
                    let hash = Hash::from_hex(&text.value());
                    att = Some(hash.ok_or_else(|| {
                        Problem::new(text.span(), "expected 64 lower-case hexadecimal digits")
                    })?);
                }
                "payload" => {
                    payload = Some(scanner.position());
                    scanner.object(|_, scanner| scanner.skip())?;
                }
                _ => return Err(Problem::new(key.span(), "unknown field")),
            }
            Ok(())
        })?;
        scanner.finish()?;
        let missing = |name: &str| Problem::new(0..1, format!("the field `{name}` is missing"));
        let kind = kind.ok_or_else(|| missing("type"))?;
        let subject = subject.ok_or_else(|| missing("subject_ulid"))?;
        let start = payload.ok_or_else(|| missing("payload"))?;
        // The payload comes before the type that determines how it is read.
        let mut scanner = Scanner::new(&line[start..])?;
        let move_back = |problem: Problem| Problem {
            span: problem.span.start + start..problem.span.end + start,
            ..problem
        };
        let payload = crate::event::read_payload(kind, &mut scanner).map_err(move_back)?;
        let payload = payload.into_iter().map(|(name, value)| (name, value.json())).collect();
        Ok(Request { kind, subject, att, payload })
    }

    /// Returns the requested event with placeholder source, time and author, for a dry run before the merge.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft {
            kind: self.kind,
            subject: Some(self.subject),
            src: Some("0".repeat(40)),
            time: 0,
            by: "-".into(),
            card_sha256: None,
            att: self.att,
            payload: self.payload.clone(),
            source_file: RepoPath::root(),
            ordinal: 0,
        }
    }

    /// Returns the file name and the content of the request.
    #[must_use]
    pub fn write(&self) -> (String, String) {
        let mut members = vec![
            ("payload", Json::object(self.payload.iter().cloned())),
            ("subject_ulid", Json::text(self.subject.to_string())),
            ("type", Json::text(self.kind.name())),
        ];
        members.extend(self.att.map(|att| ("att", Json::text(att.hex()))));
        let text = format!("{}\n", Json::object(members));
        (format!("{}.json", sha256(text.as_bytes()).hex()), text)
    }
}

/// Returns whether a request may ask for the event type. Events of cards and specs are derived from them, those of the log come from its writer.
fn is_requestable(kind: EventType) -> bool {
    !kind.is_of_log() && !matches!(kind, EventType::Create | EventType::Publish) && !fields(kind).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_request_is_read_back() {
        let request = Request {
            kind: EventType::Yank,
            subject: Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap(),
            att: Some(Hash::empty()),
            payload: vec![("reason", Json::text("it deletes files")), ("version", Json::text("1.0.0"))],
        };
        let (name, text) = request.write();
        assert_eq!(Request::read(&RepoPath::from(name.as_str()), text.as_bytes()), Ok(request.clone()));
        assert!(Request::read(&RepoPath::from("other.json"), text.as_bytes()).is_err());
        for (from, to) in
            [("YANK", "PUBLISH"), ("YANK", "SEAL"), ("\"type\"", "\"typo\""), ("\n", ""), ("{", "{ ")]
        {
            let text = text.replacen(from, to, 1);
            let name = format!("{}.json", sha256(text.as_bytes()).hex());
            assert!(Request::read(&RepoPath::from(name.as_str()), text.as_bytes()).is_err(), "{text}");
        }
    }
}
