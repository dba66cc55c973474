//! The payload fields of each event type, as a table: the reader, the JSON Schema and the command line derive from it.

use artifact::{Problem, Ulid};
use tlog::{Hash, VerifierKey};

use super::EventType;
use crate::canonical::{Json, Scanner, Text};
use crate::time;

/// The length of a free text: long enough for a reason, short enough for a line.
const MAX_TEXT_BYTES: usize = 4096;
/// The number of elements of a list: they must fit in a line.
const MAX_LIST_ELEMENTS: usize = 256;

/// The form of a payload field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Free text of 1 to 4096 bytes.
    Text,
    /// A key.
    Key,
    /// The kind of an artifact.
    Kind,
    /// A path from the root of the repository.
    Path,
    /// A version (SemVer 2.0.0).
    Version,
    /// A ULID.
    Ulid,
    /// ULIDs, sorted, without duplicates.
    Ulids,
    /// A SHA-256 in lower-case hexadecimal digits.
    Digest,
    /// A git object id.
    ObjectId,
    /// A date.
    Day,
    /// A verifier key (C2SP signed-note).
    VerifierKey,
    /// Verifier keys.
    VerifierKeys,
    /// An Ed25519 signature, in hexadecimal digits.
    Signature,
    /// A count.
    Count,
    /// The number of the form of state lines: 2.
    StateForm,
}

/// A field of a payload.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its form.
    pub form: Form,
    /// Whether it is required.
    pub required: bool,
}

const fn must(name: &'static str, form: Form) -> Field {
    Field { name, form, required: true }
}

const fn may(name: &'static str, form: Form) -> Field {
    Field { name, form, required: false }
}

/// The reason of a manual event.
const REASON: Field = may("reason", Form::Text);

/// Returns the payload fields of an event type, sorted by name.
#[must_use]
pub fn fields(kind: EventType) -> &'static [Field] {
    use EventType as T;
    match kind {
        T::Genesis => const { &[must("keys", Form::VerifierKeys), must("origin", Form::Text)] },
        T::Create => {
            const {
                &[
                    must("key", Form::Key),
                    must("kind", Form::Kind),
                    may("owner", Form::Text),
                    must("path", Form::Path),
                    REASON,
                ]
            }
        }
        T::Rekey => const { &[must("new_key", Form::Key), must("old_key", Form::Key), REASON] },
        T::AliasAdd => const { &[must("alias", Form::Key), REASON] },
        T::Move => const { &[must("from", Form::Path), REASON, must("to", Form::Path)] },
        T::Transfer => const { &[may("from", Form::Text), REASON, must("to", Form::Text)] },
        T::Publish => {
            const {
                &[
                    REASON,
                    must("sha256", Form::Digest),
                    may("tag", Form::Text),
                    may("tree", Form::ObjectId),
                    must("version", Form::Version),
                ]
            }
        }
        T::Yank => const { &[must("reason", Form::Text), must("version", Form::Version)] },
        T::Waive => {
            const {
                &[
                    must("code", Form::Text),
                    must("path", Form::Text),
                    must("reason", Form::Text),
                    must("until", Form::Day),
                ]
            }
        }
        T::Deprecate => const { &[REASON, may("replaced_by", Form::Text)] },
        T::Consolidate => const { &[REASON, must("sources", Form::Ulids), must("target_ulid", Form::Ulid)] },
        T::Retire => const { &[REASON] },
        T::RotateKey => {
            const {
                &[
                    must("new_key", Form::VerifierKey),
                    must("new_signature", Form::Signature),
                    may("old_key", Form::VerifierKey),
                    may("old_signature", Form::Signature),
                    REASON,
                ]
            }
        }
        T::Seal => {
            const { &[must("identities", Form::Count), must("root", Form::Digest), may("state", Form::StateForm)] }
        }
    }
}

/// A value of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'l> {
    /// A string.
    Text(Text<'l>),
    /// A count.
    Count(u64),
    /// A list of strings.
    List(Vec<Text<'l>>),
}

impl Value<'_> {
    /// Returns the value as JSON.
    pub(crate) fn json(&self) -> Json {
        match self {
            Value::Text(text) => Json::text(text.value()),
            Value::Count(count) => Json::Integer(i64::try_from(*count).unwrap_or(i64::MAX)),
            Value::List(list) => Json::List(list.iter().map(|text| Json::text(text.value())).collect()),
        }
    }
}

impl Form {
    /// Reads a value of this form.
    pub(crate) fn read<'l>(self, scanner: &mut Scanner<'l>) -> Result<Value<'l>, Problem> {
        let start = scanner.position();
        match self {
            Form::StateForm => {
                if scanner.integer()? == 2 {
                    Ok(Value::Count(2))
                } else {
                    Err(Problem::new(start..scanner.position(), format!("expected {}", self.describe())))
                }
            }
            Form::Count => {
                let number = scanner.integer()?;
                let count = u64::try_from(number);
                let refuse = |_| Problem::new(start..scanner.position(), "a count must not be negative");
                count.map(Value::Count).map_err(refuse)
            }
            Form::Ulids | Form::VerifierKeys => {
                let mut list: Vec<Text<'l>> = Vec::new();
                scanner.list(|scanner| {
                    let text = scanner.text()?;
                    let element = if self == Form::Ulids { Form::Ulid } else { Form::VerifierKey };
                    element.validate(&text)?;
                    if self == Form::Ulids && list.last().is_some_and(|last| last.value() >= text.value()) {
                        return Err(Problem::new(
                            text.span(),
                            "the list must be sorted and without duplicates",
                        ));
                    }
                    if list.len() >= MAX_LIST_ELEMENTS {
                        return Err(Problem::new(
                            text.span(),
                            format!("a list must not exceed {MAX_LIST_ELEMENTS} elements"),
                        ));
                    }
                    list.push(text);
                    Ok(())
                })?;
                Ok(Value::List(list))
            }
            _ => {
                let text = scanner.text()?;
                self.validate(&text)?;
                Ok(Value::Text(text))
            }
        }
    }

    /// Validates a string against the form.
    fn validate(self, text: &Text<'_>) -> Result<(), Problem> {
        let value = text.value();
        if self.is(&value) {
            Ok(())
        } else {
            Err(Problem::new(text.span(), format!("expected {}", self.describe())))
        }
    }

    /// Returns whether a string has this form.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        match self {
            Form::Text => !text.is_empty() && text.len() <= MAX_TEXT_BYTES,
            Form::Key => artifact::key::is_key(text),
            Form::Kind => matches!(text, "plugin" | "document" | "module" | "policy-pack"),
            Form::Path => {
                let part = |part: &str| !matches!(part, "" | "." | "..");
                text.len() <= 1024
                    && text.split('/').all(part)
                    && !text.contains(|c: char| c.is_control() || c == '\\')
            }
            Form::Version => text.len() <= 128 && semver::Version::parse(text).is_ok(),
            Form::Ulid => Ulid::parse(text).is_ok(),
            Form::Digest => Hash::from_hex(text).is_some(),
            Form::ObjectId => matches!(text.len(), 40 | 64) && is_hex(text),
            Form::Day => text.len() == 10 && time::read(&format!("{text}T00:00:00Z")).is_some(),
            Form::VerifierKey => VerifierKey::parse(text).is_ok(),
            Form::Signature => text.len() == 128 && is_hex(text),
            Form::Count | Form::StateForm | Form::Ulids | Form::VerifierKeys => false,
        }
    }

    /// Returns a description of the form for messages.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Form::Text => "a string of 1 to 4096 bytes",
            Form::Key => "a key: words of upper-case letters and digits joined by `_`",
            Form::Kind => "`plugin`, `document`, `module` or `policy-pack`",
            Form::Path => "a path from the root of the repository",
            Form::Version => "a version (SemVer 2.0.0)",
            Form::Ulid => "a ULID",
            Form::Ulids => "a list of ULIDs",
            Form::Digest => "64 lower-case hexadecimal digits",
            Form::ObjectId => "a git object id in lower-case hexadecimal digits",
            Form::Day => "a date, such as 2026-01-31",
            Form::VerifierKey => "a verifier key, name+id+base64",
            Form::VerifierKeys => "a list of verifier keys",
            Form::Signature => "128 lower-case hexadecimal digits",
            Form::Count => "a count",
            Form::StateForm => "2, the form of the state lines",
        }
    }

    /// Returns the form as a JSON Schema.
    pub(crate) fn schema(self) -> Json {
        let pattern = |pattern: &str| vec![("type", Json::text("string")), ("pattern", Json::text(pattern))];
        let list = |of: Form| {
            vec![
                ("type", Json::text("array")),
                ("maxItems", Json::Integer(MAX_LIST_ELEMENTS as i64)),
                ("items", of.schema()),
            ]
        };
        let members = match self {
            Form::Text => vec![
                ("type", Json::text("string")),
                ("minLength", Json::Integer(1)),
                ("maxLength", Json::Integer(MAX_TEXT_BYTES as i64)),
            ],
            Form::Key => {
                let mut members = pattern("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$");
                members.push(("maxLength", Json::Integer(64)));
                members
            }
            Form::Kind => {
                let kinds = ["plugin", "document", "module", "policy-pack"];
                vec![("enum", Json::List(kinds.into_iter().map(Json::text).collect()))]
            }
            Form::Path => pattern(r"^[^/\x00-\x1f\x7f\\]+(/[^/\x00-\x1f\x7f\\]+)*$"),
            Form::Version => pattern(
                r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$",
            ),
            Form::Ulid => pattern("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
            Form::Digest => pattern("^[0-9a-f]{64}$"),
            Form::ObjectId => pattern("^([0-9a-f]{40}|[0-9a-f]{64})$"),
            Form::Day => pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            Form::VerifierKey => pattern(r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$"),
            Form::Signature => pattern("^[0-9a-f]{128}$"),
            Form::Count => vec![("type", Json::text("integer")), ("minimum", Json::Integer(0))],
            Form::StateForm => vec![("const", Json::Integer(2))],
            Form::Ulids => list(Form::Ulid),
            Form::VerifierKeys => list(Form::VerifierKey),
        };
        Json::object(members)
    }
}

pub(crate) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
