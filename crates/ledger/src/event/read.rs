//! Reading a line into an event.

use artifact::{Problem, Ulid};
use tlog::Hash;

use super::form::{Form, Value, fields, is_hex};
use super::{BY_HAND, DERIVED, DERIVED_2, EventType, MAX_LINE_BYTES};
use crate::canonical::{Json, Scanner, Text};
use crate::time;

/// An event that was read from a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'l> {
    /// The type of the event.
    pub kind: EventType,
    /// The identity; `None` for events of the log itself.
    pub subject: Option<Ulid>,
    /// The leaf hash of the previous line of this identity.
    pub prev: Option<Hash>,
    /// The commit that the line is derived from; `None` if it was appended manually.
    pub src: Option<&'l str>,
    /// The claimed time, in seconds since 1970; it is not verified.
    pub time: i64,
    /// The id of the event.
    pub event_ulid: Ulid,
    /// The person who did it.
    pub by: Text<'l>,
    /// The program and the way: derived or manual.
    pub via: &'l str,
    /// SHA-256 of the ID card at that time.
    pub card_sha256: Option<Hash>,
    /// SHA-256 of an attestation in `.ledger/att/`.
    pub att: Option<Hash>,
    payload: Vec<(&'static str, Value<'l>)>,
}

impl<'l> Event<'l> {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// When the line is not canonical, or does not match the schema of its type.
    pub fn read(line: &'l [u8]) -> Result<Event<'l>, Problem> {
        if line.len() > MAX_LINE_BYTES {
            return Err(Problem::new(
                MAX_LINE_BYTES..line.len(),
                format!("a line must not exceed {MAX_LINE_BYTES} bytes"),
            ));
        }
        // The payload comes before the type that determines how it is read: the type is guessed from the end of the line, and verified later.
        let mut raw = Raw { guess: guess(line), ..Raw::default() };
        let mut scanner = Scanner::new(line)?;
        scanner.object(|key, scanner| raw.field(key, scanner))?;
        scanner.finish()?;
        raw.event()
    }

    /// Returns a string of the payload.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<std::borrow::Cow<'l, str>> {
        match self.payload.iter().find(|(known, _)| *known == name)? {
            (_, Value::Text(text)) => Some(text.value()),
            _ => None,
        }
    }

    /// Returns the claimed time as in the line: `2026-01-01T00:00:00Z`.
    #[must_use]
    pub fn time_text(&self) -> String {
        time::write(self.time)
    }

    /// Returns a count in the payload.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        match self.payload.iter().find(|(known, _)| *known == name)? {
            (_, Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// Returns a list of the payload; empty if it is missing.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.payload.iter().find(|(known, _)| *known == name) {
            Some((_, Value::List(list))) => list.iter().map(|text| text.value().into_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the payload as JSON.
    #[must_use]
    pub fn payload(&self) -> Vec<(&'static str, Json)> {
        self.payload.iter().map(|(name, value)| (*name, value.json())).collect()
    }

    /// Returns the fields of the payload in order for display, lists joined by commas.
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

/// The fields of a line as far as they were read.
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

/// The fields of a payload.
type Payload<'l> = Vec<(&'static str, Value<'l>)>;

/// Guesses the type from the end of the line: `"type":"…","v":1}`.
fn guess(line: &[u8]) -> Option<EventType> {
    let line = line.strip_suffix(b"\",\"v\":1}")?;
    let start = memchr::memrchr(b'"', line)? + 1;
    EventType::from_name(std::str::from_utf8(&line[start..]).ok()?)
}

impl<'l> Raw<'l> {
    fn field(&mut self, key: Text<'l>, scanner: &mut Scanner<'l>) -> Result<(), Problem> {
        match key.plain().unwrap_or_default() {
            "type" => {
                let text = scanner.text()?;
                let kind = text.plain().and_then(EventType::from_name);
                let kind = kind.ok_or_else(|| Problem::new(text.span(), "unknown event type"))?;
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
                self.src = Some(id.ok_or_else(|| Problem::new(text.span(), "expected a commit id"))?);
            }
            "ts" => {
                let text = scanner.text()?;
                let time = text.plain().and_then(time::read);
                self.time = Some(time.ok_or_else(|| {
                    Problem::new(text.span(), "expected a time in UTC, as in 2026-01-01T00:00:00Z")
                })?);
            }
            "v" => {
                let start = scanner.position();
                if scanner.integer()? != 1 {
                    return Err(Problem::new(
                        start..scanner.position(),
                        "this program reads lines of version 1",
                    ));
                }
                self.version = true;
            }
            "actor" => scanner.object(|key, scanner| self.actor(key, scanner))?,
            "payload" => {
                // Without a guess the line is invalid further on, which is reported instead.
                self.payload = match self.guess {
                    Some(kind) => Some(read_payload(kind, scanner)?),
                    None => {
                        scanner.object(|_, scanner| scanner.skip())?;
                        Some(Vec::new())
                    }
                };
            }
            _ => return Err(Problem::new(key.span(), "unknown field")),
        }
        Ok(())
    }

    fn actor(&mut self, key: Text<'l>, scanner: &mut Scanner<'l>) -> Result<(), Problem> {
        match key.plain() {
            Some("by") => {
                let text = scanner.text()?;
                if text.span().is_empty() || text.span().len() > 1024 {
                    return Err(Problem::new(text.span(), "expected a string of 1 to 1024 bytes"));
                }
                self.by = Some(text);
            }
            Some("via") => {
                let text = scanner.text()?;
                let via = text.plain().filter(|via| matches!(*via, DERIVED | DERIVED_2 | BY_HAND));
                self.via =
                    Some(via.ok_or_else(|| {
                        Problem::new(text.span(), format!("expected {DERIVED} or {BY_HAND}"))
                    })?);
            }
            _ => return Err(Problem::new(key.span(), "unknown field")),
        }
        Ok(())
    }

    fn event(self) -> Result<Event<'l>, Problem> {
        let missing = |name: &str| Problem::new(0..1, format!("the field `{name}` is missing"));
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
                return Err(Problem::new(
                    text.span(),
                    format!("{} concerns the log itself and must not name an identity", kind.name()),
                ));
            }
            _ => {}
        }
        match (&self.prev, kind.is_first()) {
            (None, false) => return Err(missing("prev")),
            (Some((_, text)), true) => {
                return Err(Problem::new(
                    text.span(),
                    format!("{} is the first event and must not have `prev`", kind.name()),
                ));
            }
            _ => {}
        }
        if event_ulid.time() != time as u64 * 1000 {
            return Err(Problem::new(event_text.span(), "the time in `event_ulid` differs from `ts`"));
        }
        if (via == DERIVED) != self.src.is_some() && !kind.is_of_log() {
            let message = format!(
                "a manual event has no `src` and has `via` {BY_HAND}; a derived event has `src` and `via` {DERIVED}"
            );
            return Err(Problem::new(kind_text.span(), message));
        }
        let seals_second_form = kind == EventType::Seal && payload.iter().any(|(name, _)| *name == "state");
        if (via == DERIVED_2) != seals_second_form {
            let message = format!("`via` is {DERIVED_2} for a seal with `state`, and only for it");
            return Err(Problem::new(kind_text.span(), message));
        }
        if self.guess != Some(kind) {
            return Err(Problem::new(kind_text.span(), "a line must end with `type` and `v`"));
        }
        let by_hand = via == BY_HAND && !kind.is_of_log();
        if by_hand && !payload.iter().any(|(name, _)| *name == "reason") {
            return Err(Problem::new(kind_text.span(), "a manual event needs a `reason`"));
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
pub(crate) fn read_payload<'l>(kind: EventType, scanner: &mut Scanner<'l>) -> Result<Payload<'l>, Problem> {
    let fields = fields(kind);
    let mut payload: Payload<'l> = Vec::with_capacity(fields.len());
    let start = scanner.position();
    let mut due = fields.iter();
    let missing = |field: &super::form::Field| format!("the payload has no field `{}`", field.name);
    scanner.object(|key, scanner| {
        // Both are sorted by name.
        let name = key.plain().unwrap_or_default();
        for field in due.by_ref() {
            if field.name == name {
                payload.push((field.name, field.form.read(scanner)?));
                return Ok(());
            }
            if field.required && field.name < name {
                return Err(Problem::new(key.span(), missing(field)));
            }
        }
        let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let message = format!("{} has no field `{name}`; known: {}", kind.name(), known.join(", "));
        Err(Problem::new(key.span(), message))
    })?;
    match due.find(|field| field.required) {
        None => Ok(payload),
        Some(field) => Err(Problem::new(start..start + 1, missing(field))),
    }
}

fn ulid<'l>(scanner: &mut Scanner<'l>) -> Result<(Ulid, Text<'l>), Problem> {
    let text = scanner.text()?;
    let ulid = Ulid::parse(&text.value()).map_err(|error| Problem::new(text.span(), error.to_string()))?;
    Ok((ulid, text))
}

fn digest<'l>(scanner: &mut Scanner<'l>) -> Result<(Hash, Text<'l>), Problem> {
    let text = scanner.text()?;
    let hash = text.plain().and_then(Hash::from_hex);
    Ok((hash.ok_or_else(|| Problem::new(text.span(), Form::Digest.describe()))?, text))
}
