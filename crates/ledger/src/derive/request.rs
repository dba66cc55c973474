//! Requests in `.ledger/pending/`: events that leave no trace in a card or spec, asked for in a change like any other.

use artifact::Ulid;
use snapshot::RepoPath;
use tlog::Hash;

use super::sha256;
use crate::canonical::{Flaw, Scanner};
use crate::form::fields;
use crate::{Draft, EventType, Json};

/// The longest request, in bytes: what recording adds to it still makes a line.
const LONGEST: usize = 12_000;

/// A request: one canonical line `{"att"?, "payload", "subject_ulid", "type"}` in a file named by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is to happen.
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
    /// When it is not of the form, or its file's name is not its SHA-256.
    pub fn read(path: &RepoPath, text: &[u8]) -> Result<Request, Flaw> {
        let expected = format!("{}.json", sha256(text).hex());
        if path.name() != expected.as_bytes() {
            return Err(Flaw::new(
                0..0,
                format!("the file of a request is named by its SHA-256: {expected}"),
            ));
        }
        if text.len() > LONGEST {
            return Err(Flaw::new(LONGEST..text.len(), format!("a request has at most {LONGEST} bytes")));
        }
        let line = text.strip_suffix(b"\n").ok_or_else(|| {
            Flaw::new(text.len()..text.len(), "a request is one line that ends in a line feed")
        })?;
        let (mut kind, mut subject, mut att, mut payload) = (None, None, None, None);
        let mut scanner = Scanner::new(line)?;
        scanner.object(|key, scanner| {
            match key.value().as_ref() {
                "type" => {
                    let text = scanner.text()?;
                    let found = EventType::from_name(&text.value()).filter(|kind| may_be_asked_for(*kind));
                    kind =
                        Some(found.ok_or_else(|| {
                            Flaw::new(text.span(), "this is nothing that can be asked for")
                        })?);
                }
                "subject_ulid" => {
                    let text = scanner.text()?;
                    let ulid = Ulid::parse(&text.value());
                    subject = Some(ulid.map_err(|error| Flaw::new(text.span(), error.to_string()))?);
                }
                "att" => {
                    let text = scanner.text()?;
                    let hash = Hash::from_hex(&text.value());
                    att = Some(hash.ok_or_else(|| {
                        Flaw::new(text.span(), "expected 64 lower-case hexadecimal digits")
                    })?);
                }
                "payload" => {
                    payload = Some(scanner.place());
                    scanner.object(|_, scanner| scanner.skip())?;
                }
                _ => return Err(Flaw::new(key.span(), "this field is not known here")),
            }
            Ok(())
        })?;
        scanner.finish()?;
        let missing = |name: &str| Flaw::new(0..1, format!("the field `{name}` is missing"));
        let kind = kind.ok_or_else(|| missing("type"))?;
        let subject = subject.ok_or_else(|| missing("subject_ulid"))?;
        let start = payload.ok_or_else(|| missing("payload"))?;
        // The payload stands before the type by which it is read.
        let mut scanner = Scanner::new(&line[start..])?;
        let move_back = |flaw: Flaw| Flaw { span: flaw.span.start + start..flaw.span.end + start, ..flaw };
        let payload = crate::event::read_payload(kind, &mut scanner).map_err(move_back)?;
        let payload = payload.into_iter().map(|(name, value)| (name, value.json())).collect();
        Ok(Request { kind, subject, att, payload })
    }

    /// Returns the event that the request asks for, before anybody merged it: only to be tried.
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
            told_by: RepoPath::root(),
            ordinal: 0,
        }
    }

    /// Writes the request: the file's name and its bytes.
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

/// What a card or a spec tells is told there, and what is the log's own by its writer.
fn may_be_asked_for(kind: EventType) -> bool {
    !kind.is_of_log() && !matches!(kind, EventType::Create | EventType::Publish) && !fields(kind).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
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
