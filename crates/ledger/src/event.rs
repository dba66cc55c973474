//! An event: a line of the ledger, read and written.

use artifact::Ulid;
use sha2::{Digest as _, Sha256};
use snapshot::RepoPath;
use tlog::Hash;

use crate::canonical::{Flaw, Json, Scanner, Text};
use crate::form::{Form, Value, fields, is_hex};
use crate::time;

/// The longest line, in bytes, its line feed left out.
pub const LONGEST_LINE: usize = 16_384;

/// The derivation's own version, not the program's: a later program derives the same bytes.
pub const DERIVED: &str = "id-ledger/1";
/// What an event by hand came through.
pub const BY_HAND: &str = "id-ledger-append/1";

/// What happened. The order is the one in which the events of one commit are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum EventType {
    /// The log began.
    Genesis,
    /// An identity was minted.
    Create,
    /// It has another key.
    Rekey,
    /// It has one more key.
    AliasAdd,
    /// It lies elsewhere.
    Move,
    /// Somebody else answers for it.
    Transfer,
    /// A version of it was published.
    Publish,
    /// A published version is not to be used any more.
    Yank,
    /// A rule was waived for it.
    Waive,
    /// It is not to be relied on any more.
    Deprecate,
    /// It went into another identity.
    Consolidate,
    /// It is gone.
    Retire,
    /// The log is signed by another key.
    RotateKey,
    /// The state of every identity, as one hash.
    Seal,
}

impl EventType {
    /// Every type, in their order.
    pub const ALL: [EventType; 14] = [
        EventType::Genesis,
        EventType::Create,
        EventType::Rekey,
        EventType::AliasAdd,
        EventType::Move,
        EventType::Transfer,
        EventType::Publish,
        EventType::Yank,
        EventType::Waive,
        EventType::Deprecate,
        EventType::Consolidate,
        EventType::Retire,
        EventType::RotateKey,
        EventType::Seal,
    ];

    /// Returns the name that lines use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EventType::Genesis => "GENESIS",
            EventType::Create => "CREATE",
            EventType::Rekey => "REKEY",
            EventType::AliasAdd => "ALIAS_ADD",
            EventType::Move => "MOVE",
            EventType::Transfer => "TRANSFER",
            EventType::Publish => "PUBLISH",
            EventType::Yank => "YANK",
            EventType::Waive => "WAIVE",
            EventType::Deprecate => "DEPRECATE",
            EventType::Consolidate => "CONSOLIDATE",
            EventType::Retire => "RETIRE",
            EventType::RotateKey => "ROTATE_KEY",
            EventType::Seal => "SEAL",
        }
    }

    /// Finds a type by its name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<EventType> {
        EventType::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether the event is of the log itself, and of no identity.
    #[must_use]
    pub fn is_of_log(self) -> bool {
        matches!(self, EventType::Genesis | EventType::RotateKey | EventType::Seal)
    }

    /// Tells whether the event is the first of its identity, or of the log.
    #[must_use]
    pub fn begins(self) -> bool {
        matches!(self, EventType::Genesis | EventType::Create)
    }
}

/// A line, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'l> {
    /// What happened.
    pub kind: EventType,
    /// The identity; `None` where it is the log itself.
    pub subject: Option<Ulid>,
    /// The leaf hash of this identity's line before this one.
    pub prev: Option<Hash>,
    /// The commit that the line is derived from; `None` where it was appended by hand.
    pub src: Option<&'l str>,
    /// When, in seconds since 1970: a claim, not evidence.
    pub time: i64,
    /// The event's own id.
    pub event_ulid: Ulid,
    /// Who.
    pub by: Text<'l>,
    /// Through what.
    pub via: &'l str,
    /// SHA-256 of the identity's card at that time.
    pub card_sha256: Option<Hash>,
    /// SHA-256 of an attestation in `.ledger/att/`.
    pub att: Option<Hash>,
    payload: Vec<(&'static str, Value<'l>)>,
}

impl<'l> Event<'l> {
    /// Reads a line, its line feed left out.
    ///
    /// # Errors
    /// When it is not canonical, or not as the schema of its type says.
    pub fn read(line: &'l [u8]) -> Result<Event<'l>, Flaw> {
        if line.len() > LONGEST_LINE {
            return Err(Flaw::new(
                LONGEST_LINE..line.len(),
                format!("a line has at most {LONGEST_LINE} bytes"),
            ));
        }
        // The payload stands before the type by which it is read: the type is guessed, and held to what stands there later.
        let mut raw = Raw { guess: guess(line), ..Raw::default() };
        let mut scanner = Scanner::new(line)?;
        scanner.object(|key, scanner| raw.field(key, scanner))?;
        scanner.finish()?;
        raw.event()
    }

    /// Returns a text of the payload.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<std::borrow::Cow<'l, str>> {
        match self.payload.iter().find(|(known, _)| *known == name)? {
            (_, Value::Text(text)) => Some(text.value()),
            _ => None,
        }
    }

    /// Returns a count of the payload.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        match self.payload.iter().find(|(known, _)| *known == name)? {
            (_, Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// Returns a list of the payload; empty where there is none.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.payload.iter().find(|(known, _)| *known == name) {
            Some((_, Value::List(list))) => list.iter().map(|text| text.value().into_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the payload, to be written again.
    #[must_use]
    pub fn payload(&self) -> Vec<(&'static str, Json)> {
        self.payload.iter().map(|(name, value)| (*name, value.json())).collect()
    }

    /// Returns the payload's fields in their order, lists joined by commas: for people.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let show = |value: &Value<'_>| match value {
            Value::Text(text) => text.value().into_owned(),
            Value::Count(count) => count.to_string(),
            Value::List(list) => list.iter().map(|text| text.value()).collect::<Vec<_>>().join(","),
        };
        self.payload.iter().map(|(name, value)| (*name, show(value))).collect()
    }
}

/// The fields of a line as they were met.
#[derive(Default)]
struct Raw<'l> {
    kind: Option<(EventType, Text<'l>)>,
    subject: Option<(Ulid, Text<'l>)>,
    prev: Option<(Hash, Text<'l>)>,
    src: Option<&'l str>,
    time: Option<i64>,
    event_ulid: Option<(Ulid, Text<'l>)>,
    by: Option<Text<'l>>,
    via: Option<&'l str>,
    card_sha256: Option<Hash>,
    att: Option<Hash>,
    guess: Option<EventType>,
    payload: Option<Payload<'l>>,
    version: bool,
}

/// What a payload says, field by field.
type Payload<'l> = Vec<(&'static str, Value<'l>)>;

/// The type of a line, by its end: `"type":"…","v":1}`.
fn guess(line: &[u8]) -> Option<EventType> {
    let line = line.strip_suffix(b"\",\"v\":1}")?;
    let start = memchr::memrchr(b'"', line)? + 1;
    EventType::from_name(std::str::from_utf8(&line[start..]).ok()?)
}

impl<'l> Raw<'l> {
    fn field(&mut self, key: Text<'l>, scanner: &mut Scanner<'l>) -> Result<(), Flaw> {
        match key.plain().unwrap_or_default() {
            "type" => {
                let text = scanner.text()?;
                let kind = text.plain().and_then(EventType::from_name);
                let kind = kind.ok_or_else(|| Flaw::new(text.span(), "there is no such type of event"))?;
                self.kind = Some((kind, text));
            }
            "subject_ulid" => self.subject = Some(ulid(scanner)?),
            "event_ulid" => self.event_ulid = Some(ulid(scanner)?),
            "prev" => self.prev = Some(digest(scanner)?),
            "card_sha256" => self.card_sha256 = Some(digest(scanner)?.0),
            "att" => self.att = Some(digest(scanner)?.0),
            "src" => {
                let text = scanner.text()?;
                let id = text.plain().filter(|id| matches!(id.len(), 40 | 64) && is_hex(id));
                self.src = Some(id.ok_or_else(|| Flaw::new(text.span(), "expected a commit's id"))?);
            }
            "ts" => {
                let text = scanner.text()?;
                let time = text.plain().and_then(time::read);
                self.time = Some(time.ok_or_else(|| {
                    Flaw::new(text.span(), "expected a time in UTC, as in 2026-01-01T00:00:00Z")
                })?);
            }
            "v" => {
                let start = scanner.place();
                if scanner.integer()? != 1 {
                    return Err(Flaw::new(start..scanner.place(), "this program reads lines of version 1"));
                }
                self.version = true;
            }
            "actor" => scanner.object(|key, scanner| self.actor(key, scanner))?,
            "payload" => {
                // Without a guess the line is wrong further on, and that is what is told.
                self.payload = match self.guess {
                    Some(kind) => Some(read_payload(kind, scanner)?),
                    None => {
                        scanner.object(|_, scanner| scanner.skip())?;
                        Some(Vec::new())
                    }
                };
            }
            _ => return Err(Flaw::new(key.span(), "this field is not known here")),
        }
        Ok(())
    }

    fn actor(&mut self, key: Text<'l>, scanner: &mut Scanner<'l>) -> Result<(), Flaw> {
        match key.plain() {
            Some("by") => {
                let text = scanner.text()?;
                if text.span().is_empty() || text.span().len() > 1024 {
                    return Err(Flaw::new(text.span(), "expected a text of 1 to 1024 bytes"));
                }
                self.by = Some(text);
            }
            Some("via") => {
                let text = scanner.text()?;
                let via = text.plain().filter(|via| matches!(*via, DERIVED | BY_HAND));
                self.via = Some(
                    via.ok_or_else(|| Flaw::new(text.span(), format!("expected {DERIVED} or {BY_HAND}")))?,
                );
            }
            _ => return Err(Flaw::new(key.span(), "this field is not known here")),
        }
        Ok(())
    }

    fn event(self) -> Result<Event<'l>, Flaw> {
        let missing = |name: &str| Flaw::new(0..1, format!("the field `{name}` is missing"));
        let (kind, kind_text) = self.kind.ok_or_else(|| missing("type"))?;
        let payload = self.payload.ok_or_else(|| missing("payload"))?;
        let time = self.time.ok_or_else(|| missing("ts"))?;
        let (event_ulid, event_text) = self.event_ulid.ok_or_else(|| missing("event_ulid"))?;
        let by = self.by.ok_or_else(|| missing("actor.by"))?;
        let via = self.via.ok_or_else(|| missing("actor.via"))?;
        if !self.version {
            return Err(missing("v"));
        }
        match (&self.subject, kind.is_of_log()) {
            (None, false) => return Err(missing("subject_ulid")),
            (Some((_, text)), true) => {
                return Err(Flaw::new(
                    text.span(),
                    format!("{} is of the log itself, and of no identity", kind.name()),
                ));
            }
            _ => {}
        }
        match (&self.prev, kind.begins()) {
            (None, false) => return Err(missing("prev")),
            (Some((_, text)), true) => {
                return Err(Flaw::new(text.span(), format!("nothing comes before {}", kind.name())));
            }
            _ => {}
        }
        if event_ulid.time() != time as u64 * 1000 {
            return Err(Flaw::new(event_text.span(), "the time in `event_ulid` is not `ts`"));
        }
        if (via == DERIVED) != self.src.is_some() && !kind.is_of_log() {
            let message = format!(
                "an event by hand has no `src` and came through {BY_HAND}; a derived one has both otherwise"
            );
            return Err(Flaw::new(kind_text.span(), message));
        }
        if self.guess != Some(kind) {
            return Err(Flaw::new(kind_text.span(), "a line ends in its type and version"));
        }
        let by_hand = via == BY_HAND && !kind.is_of_log();
        if by_hand && !payload.iter().any(|(name, _)| *name == "reason") {
            return Err(Flaw::new(kind_text.span(), "an event by hand says its reason"));
        }
        Ok(Event {
            kind,
            subject: self.subject.map(|(ulid, _)| ulid),
            prev: self.prev.map(|(hash, _)| hash),
            src: self.src,
            time,
            event_ulid,
            by,
            via,
            card_sha256: self.card_sha256,
            att: self.att,
            payload,
        })
    }
}

/// Reads the payload of a type.
pub(crate) fn read_payload<'l>(kind: EventType, scanner: &mut Scanner<'l>) -> Result<Payload<'l>, Flaw> {
    let fields = fields(kind);
    let mut payload: Payload<'l> = Vec::with_capacity(fields.len());
    let start = scanner.place();
    let mut due = fields.iter();
    let missing =
        |field: &crate::form::Field| format!("the field `{}` is missing in the payload", field.name);
    scanner.object(|key, scanner| {
        // Both stand in the order of their names.
        let name = key.plain().unwrap_or_default();
        for field in due.by_ref() {
            if field.name == name {
                payload.push((field.name, field.form.read(scanner)?));
                return Ok(());
            }
            if field.required && field.name < name {
                return Err(Flaw::new(key.span(), missing(field)));
            }
        }
        let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let message = format!("{} has no field `{name}`; known: {}", kind.name(), known.join(", "));
        Err(Flaw::new(key.span(), message))
    })?;
    match due.find(|field| field.required) {
        None => Ok(payload),
        Some(field) => Err(Flaw::new(start..start + 1, missing(field))),
    }
}

fn ulid<'l>(scanner: &mut Scanner<'l>) -> Result<(Ulid, Text<'l>), Flaw> {
    let text = scanner.text()?;
    let ulid = Ulid::parse(&text.value()).map_err(|error| Flaw::new(text.span(), error.to_string()))?;
    Ok((ulid, text))
}

fn digest<'l>(scanner: &mut Scanner<'l>) -> Result<(Hash, Text<'l>), Flaw> {
    let text = scanner.text()?;
    let hash = text.plain().and_then(Hash::from_hex);
    Ok((hash.ok_or_else(|| Flaw::new(text.span(), Form::Digest.describe()))?, text))
}

/// An event that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What happened.
    pub kind: EventType,
    /// The identity; `None` where it is the log itself.
    pub subject: Option<Ulid>,
    /// The commit that it is derived from.
    pub src: Option<String>,
    /// When, in seconds since 1970.
    pub time: i64,
    /// Who.
    pub by: String,
    /// SHA-256 of the identity's card.
    pub card_sha256: Option<Hash>,
    /// SHA-256 of an attestation.
    pub att: Option<Hash>,
    /// The payload.
    pub payload: Vec<(&'static str, Json)>,
    /// The file that tells it; no part of the line.
    pub told_by: RepoPath,
    /// The place among the events of the same source, type and identity, from 0; by hand the number of the line.
    pub ordinal: u64,
}

impl Draft {
    /// Writes the line, without its line feed.
    #[must_use]
    pub fn line(&self, prev: Option<&Hash>) -> String {
        let via = if self.src.is_some() { DERIVED } else { BY_HAND };
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

    /// The id is derived, so that two writers that race write the same line.
    fn event_ulid(&self, seconds: i64) -> Ulid {
        let src = self.src.as_deref().unwrap_or_default();
        let subject = self.subject.map(|ulid| ulid.to_string()).unwrap_or_default();
        let text = format!("{src}\n{}\n{subject}\n{}\n", self.kind.name(), self.ordinal);
        let mut rest = [0; 10];
        rest.copy_from_slice(&Sha256::digest(text)[..10]);
        Ulid::of(seconds as u64 * 1000, rest)
    }
}

/// Returns the JSON Schema of lines, made from the table that the reader reads by.
#[must_use]
pub fn schema() -> String {
    let text =
        |pattern: &str| Json::object([("type", Json::text("string")), ("pattern", Json::text(pattern))]);
    let digest = || Form::Digest.schema();
    let texts = |names: &[&str]| Json::List(names.iter().map(|name| Json::text(*name)).collect());
    let closed = |properties: Json, required: Json| {
        vec![
            ("type", Json::text("object")),
            ("additionalProperties", Json::Bool(false)),
            ("required", required),
            ("properties", properties),
        ]
    };
    let actor = Json::object([
        ("by", Json::object([("type", Json::text("string")), ("minLength", Json::Integer(1))])),
        ("via", Json::object([("enum", texts(&[DERIVED, BY_HAND]))])),
    ]);
    let properties = Json::object([
        ("v", Json::object([("const", Json::Integer(1))])),
        (
            "type",
            Json::object([("enum", Json::List(EventType::ALL.map(|kind| Json::text(kind.name())).to_vec()))]),
        ),
        ("subject_ulid", Form::Ulid.schema()),
        ("event_ulid", Form::Ulid.schema()),
        ("prev", digest()),
        ("src", Form::ObjectId.schema()),
        ("ts", text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")),
        ("actor", Json::object(closed(actor, texts(&["by", "via"])))),
        ("card_sha256", digest()),
        ("att", digest()),
        ("payload", Json::object([("type", Json::text("object"))])),
    ]);
    let each = EventType::ALL.map(|kind| {
        let fields = fields(kind);
        let properties = Json::object(fields.iter().map(|field| (field.name, field.form.schema())));
        let required =
            fields.iter().filter(|field| field.required).map(|field| Json::text(field.name)).collect();
        let is_kind = Json::object([("type", Json::object([("const", Json::text(kind.name()))]))]);
        let mut then = vec![(
            "properties",
            Json::object([("payload", Json::object(closed(properties, Json::List(required))))]),
        )];
        let subject = if kind.is_of_log() { "not" } else { "required" };
        let names = texts(&["subject_ulid"]);
        then.push(match subject {
            "not" => ("not", Json::object([("required", names)])),
            _ => ("required", names),
        });
        Json::object([("if", Json::object([("properties", is_kind)])), ("then", Json::object(then))])
    });
    let mut members = vec![
        ("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("$id", Json::text("https://id-guard.dev/schemas/ledger-event.v1.schema.json")),
        ("title", Json::text("Ledger event")),
        ("description", Json::text("A line of .ledger/ids.jsonl; its bytes are also canonical by RFC 8785.")),
        ("allOf", Json::List(each.to_vec())),
    ];
    members.extend(closed(properties, texts(&["actor", "event_ulid", "payload", "ts", "type", "v"])));
    Json::object(members).pretty() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish() -> Draft {
        Draft {
            kind: EventType::Publish,
            subject: Some(Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap()),
            src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
            time: 1_767_225_600,
            by: "octo \"cat\" <o@example.org>\n".into(),
            card_sha256: Some(Hash::leaf(b"card")),
            att: None,
            payload: vec![("version", Json::text("1.2.0")), ("sha256", Json::text(Hash::leaf(b"").hex()))],
            told_by: RepoPath::root(),
            ordinal: 0,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let prev = Hash::leaf(b"before");
        let line = publish().line(Some(&prev));
        let event = Event::read(line.as_bytes()).unwrap();
        assert_eq!(
            (event.kind, event.subject, event.prev),
            (EventType::Publish, publish().subject, Some(prev))
        );
        assert_eq!(event.by.value(), publish().by);
        assert_eq!(event.text("version").as_deref(), Some("1.2.0"));
        assert_eq!((event.time, event.event_ulid.time()), (1_767_225_600, 1_767_225_600_000));
    }

    #[test]
    fn the_same_event_has_the_same_id_and_another_has_another() {
        let of = |draft: &Draft| Event::read(draft.line(Some(&Hash::empty())).as_bytes()).unwrap().event_ulid;
        assert_eq!(of(&publish()), of(&publish()));
        assert_ne!(of(&publish()), of(&Draft { ordinal: 1, ..publish() }));
    }

    #[test]
    fn lines_that_say_something_else_are_refused() {
        let line = publish().line(Some(&Hash::empty()));
        let prev = format!("\"prev\":\"{}\",", Hash::empty().hex());
        for (from, to, message) in [
            ("\"v\":1", "\"v\":2", "this program reads lines of version 1"),
            (",\"v\":1", "", "the field `v` is missing"),
            ("PUBLISH", "PUBLISHED", "there is no such type of event"),
            ("PUBLISH", "YANK", "the field `reason` is missing in the payload"),
            ("PUBLISH", "RETIRE", "RETIRE has no field `sha256`; known: reason"),
            ("PUBLISH", "SEAL", "the field `identities` is missing in the payload"),
            ("PUBLISH", "CREATE", "the field `key` is missing in the payload"),
            ("\"version\":\"1.2.0\"", "\"version\":\"1.2\"", "expected a version (SemVer 2.0.0)"),
            (",\"version\":\"1.2.0\"", "", "the field `version` is missing in the payload"),
            (
                "01JD4ZK3V8",
                "01jd4zk3v8",
                "a ULID is digits and upper-case letters without I, L, O and U, and character 3 is 'j'",
            ),
            ("2026-01-01T00", "2026-01-01T01", "the time in `event_ulid` is not `ts`"),
            (prev.as_str(), "", "the field `prev` is missing"),
            (
                "id-ledger/1",
                "id-ledger-append/1",
                "an event by hand has no `src` and came through id-ledger-append/1; a derived one has both otherwise",
            ),
            ("\"v\":1", "\"v\":1,\"w\":1", "this field is not known here"),
        ] {
            assert!(line.contains(from), "{from}");
            let other = line.replacen(from, to, 1);
            assert_eq!(
                Event::read(other.as_bytes()).map_err(|flaw| flaw.message),
                Err(message.into()),
                "{other}"
            );
        }
        let seal = vec![("identities", Json::Integer(0)), ("root", Json::text(Hash::empty().hex()))];
        let seal = Draft { kind: EventType::Seal, payload: seal, ..publish() }.line(Some(&Hash::empty()));
        let message = Event::read(seal.as_bytes()).unwrap_err().message;
        assert_eq!(message, "SEAL is of the log itself, and of no identity");
        let born = [("key", "PLG_A"), ("kind", "plugin"), ("path", "a")];
        let payload = born.map(|(name, text)| (name, Json::text(text))).to_vec();
        let create = Draft { kind: EventType::Create, payload, ..publish() }.line(Some(&Hash::empty()));
        assert_eq!(Event::read(create.as_bytes()).unwrap_err().message, "nothing comes before CREATE");
        let by_hand = Draft { src: None, ..publish() }.line(Some(&Hash::empty()));
        assert_eq!(Event::read(by_hand.as_bytes()).unwrap_err().message, "an event by hand says its reason");
        let long = Draft { by: "x".repeat(20_000), ..publish() }.line(Some(&Hash::empty()));
        assert!(Event::read(long.as_bytes()).is_err());
    }

    #[test]
    fn the_schema_says_what_the_reader_reads() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let line = publish().line(Some(&Hash::empty()));
        let valid = |line: &str| validator.is_valid(&serde_json::from_str(line).unwrap());
        assert!(valid(&line));
        for (from, to) in [
            ("PUBLISH", "YANK"),
            ("PUBLISH", "SEAL"),
            ("1.2.0", "1.2"),
            ("\"v\":1", "\"v\":1,\"w\":1"),
            ("\"v\":1", "\"v\":2"),
            ("01JD4ZK3V8", "01jd4zk3v8"),
        ] {
            assert!(!valid(&line.replacen(from, to, 1)), "{from} {to}");
        }
        let mut payload = String::new();
        for kind in EventType::ALL {
            assert!(fields(kind).is_sorted_by_key(|field| field.name), "{kind:?}");
            payload += kind.name();
        }
        assert!(payload.contains("ROTATE_KEY"));
    }
}
