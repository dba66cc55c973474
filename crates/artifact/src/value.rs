//! The value of a document, with its position.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::decimal::Decimal;

/// The largest integer that every JSON reader represents exactly (RFC 8259 §6).
pub(crate) const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// A value and its bytes in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Its type and content.
    pub kind: Kind,
    /// The byte range in the source.
    pub span: Range<usize>,
    /// How the source writes it, where that counts in comparisons; `None` in a document that is read strictly.
    pub notation: Option<Box<Notation>>,
}

/// How a document of others writes a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notation {
    /// The source text of an unquoted scalar that its kind does not give back.
    pub plain: Option<String>,
    /// Whether YAML 1.1 and 1.2 read the unquoted scalar differently, or a type that JSON does not have.
    pub is_ambiguous: bool,
    /// The YAML tag, resolved.
    pub tag: Option<String>,
}

/// The type and content of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer within ±(2⁵³−1), which every reader represents exactly.
    Integer(i64),
    /// Any other number, as written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    List(Vec<Value>),
    /// A mapping from strings to values.
    Map(Map),
}

/// A mapping with unique keys, in the order of the document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    entries: Vec<MapEntry>,
    by_name: BTreeMap<String, usize>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Value,
}

/// A key and its bytes in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: String,
    /// The byte range in the source.
    pub span: Range<usize>,
}

impl Map {
    /// Adds an entry; fails with the existing key of the same name, if there is one.
    pub(crate) fn insert(&mut self, key: Key, value: Value) -> Result<(), Key> {
        if let Some(&at) = self.by_name.get(&key.name) {
            return Err(self.entries[at].key.clone());
        }
        self.by_name.insert(key.name.clone(), self.entries.len());
        self.entries.push(MapEntry { key, value });
        Ok(())
    }

    /// Returns the mapping with a value replaced, or added at its end.
    #[must_use]
    pub fn with(&self, name: &str, value: Value) -> Map {
        let mut map = self.clone();
        match map.by_name.get(name) {
            Some(&at) => map.entries[at].value = value,
            None => {
                let span = value.span.start..value.span.start;
                map.by_name.insert(name.into(), map.entries.len());
                map.entries.push(MapEntry { key: Key { name: name.into(), span }, value });
            }
        }
        map
    }

    /// Returns the mapping with every value replaced by another.
    #[must_use]
    pub fn map_values(&self, mut replace: impl FnMut(&str, &Value) -> Value) -> Map {
        let replaced = |entry: &MapEntry| MapEntry {
            key: entry.key.clone(),
            value: replace(&entry.key.name, &entry.value),
        };
        Map { entries: self.entries.iter().map(replaced).collect(), by_name: self.by_name.clone() }
    }

    /// Returns the entries in the order of the document.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &MapEntry> {
        self.entries.iter()
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        Some(&self.entry(name)?.value)
    }

    /// Returns the entry of a key.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&MapEntry> {
        self.by_name.get(name).map(|&at| &self.entries[at])
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether the mapping is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl FromIterator<MapEntry> for Map {
    /// Collects entries; of several with one name the first stays.
    fn from_iter<I: IntoIterator<Item = MapEntry>>(entries: I) -> Map {
        let mut map = Map::default();
        for MapEntry { key, value } in entries {
            let _ = map.insert(key, value);
        }
        map
    }
}

impl Value {
    /// Makes a value of a type and a place.
    #[must_use]
    pub const fn new(kind: Kind, span: Range<usize>) -> Value {
        Value { kind, span, notation: None }
    }

    /// Returns what the source writes for a scalar, without quotes; `None` for null, arrays and mappings.
    #[must_use]
    pub fn source_text(&self) -> Option<Cow<'_, str>> {
        if let Some(plain) = self.notation.as_ref().and_then(|notation| notation.plain.as_deref()) {
            return Some(Cow::Borrowed(plain));
        }
        match &self.kind {
            Kind::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
            Kind::Integer(number) => Some(Cow::Owned(number.to_string())),
            Kind::Number(text) | Kind::String(text) => Some(Cow::Borrowed(text)),
            Kind::Null | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Returns the number with its exact value, if it is one.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match &self.kind {
            Kind::Integer(number) => Decimal::parse(&number.to_string()),
            Kind::Number(text) => Decimal::parse(text),
            _ => None,
        }
    }

    pub(crate) fn tag(&self) -> Option<&str> {
        self.notation.as_ref()?.tag.as_deref()
    }

    /// Returns the source text of an unquoted scalar that YAML versions read differently.
    pub(crate) fn ambiguous(&self) -> Option<&str> {
        let notation = self.notation.as_ref()?;
        notation.plain.as_deref().filter(|_| notation.is_ambiguous)
    }

    /// Returns the value at a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, token| match &value.kind {
            Kind::Map(map) => map.get(&unescape(token)),
            Kind::List(list) => {
                // RFC 6901 §4: digits without a leading zero.
                let canonical =
                    token == "0" || !token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit());
                canonical.then(|| token.parse::<usize>().ok()).flatten().and_then(|at| list.get(at))
            }
            _ => None,
        })
    }

    /// Returns the string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// Returns the boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(truth) = self.kind { Some(truth) } else { None }
    }

    /// Returns the integer, if it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match &self.kind {
            Kind::Integer(number) => Some(*number),
            // JSON has one number type: `6e5` and `600000.0` are 600000 (JSON Schema 2020-12, validation §6.1.1).
            Kind::Number(text) => Decimal::parse(text)?
                .to_i64()
                .filter(|number| number.unsigned_abs() <= MAX_SAFE_INTEGER as u64),
            _ => None,
        }
    }

    /// Returns the elements, if it is an array.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Kind::List(list) = &self.kind { Some(list) } else { None }
    }

    /// Returns the value of a key, if this is a mapping that contains it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_map()?.get(name)
    }

    /// Returns the mapping, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Kind::Map(map) = &self.kind { Some(map) } else { None }
    }

    /// Returns whether two values are equal, ignoring positions and the order of keys.
    ///
    /// Numbers are equal by their exact value. Where YAML 1.1 and 1.2 read an unquoted scalar differently, its text and its
    /// kind decide, so that two values are equal only if the readers of both versions find them equal.
    #[must_use]
    pub fn same(&self, other: &Value) -> bool {
        if self.tag() != other.tag() {
            return false;
        }
        match (&self.kind, &other.kind) {
            (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Kind::Map(a), Kind::Map(b)) => {
                a.len() == b.len()
                    && a.entries()
                        .all(|entry| b.get(&entry.key.name).is_some_and(|value| entry.value.same(value)))
            }
            _ if self.ambiguous().is_some() || other.ambiguous().is_some() => {
                self.ambiguous() == other.ambiguous()
            }
            (Kind::Integer(a), Kind::Integer(b)) => a == b,
            (Kind::Integer(_) | Kind::Number(_), Kind::Integer(_) | Kind::Number(_)) => {
                match (self.as_decimal(), other.as_decimal()) {
                    (Some(a), Some(b)) => a == b,
                    _ => self.kind == other.kind,
                }
            }
            (a, b) => a == b,
        }
    }

    /// Returns the name of its type, for messages.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Integer(_) => "an integer",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::List(_) => "an array",
            Kind::Map(_) => "a mapping",
        }
    }

    /// Writes it on one line of at most 80 characters, for messages. Strings are raw: renderers sanitise them.
    #[must_use]
    pub fn show(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        if text.chars().count() > 80 {
            text = text.chars().take(79).collect::<String>() + "…";
        }
        text
    }

    fn write(&self, out: &mut String, depth: usize) {
        // `show` cuts deeper or longer values anyway.
        if out.len() > 400 || depth > 4 {
            out.push('…');
            return;
        }
        if let Some(tag) = self.tag() {
            out.push_str(&format!("!<{tag}> "));
        }
        // Without quotes, as in the source: `2015-10-27` and `"2015-10-27"` differ.
        if let Some(plain) = self.ambiguous() {
            out.extend(plain.chars().take(400));
            return;
        }
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Kind::Integer(number) => out.push_str(&number.to_string()),
            Kind::Number(text) => out.push_str(text),
            Kind::String(text) => {
                out.push('"');
                out.extend(text.chars().take(400));
                out.push('"');
            }
            Kind::List(list) => {
                out.push('[');
                for (at, value) in list.iter().enumerate().take(40) {
                    out.push_str(if at > 0 { ", " } else { "" });
                    value.write(out, depth + 1);
                }
                out.push(']');
            }
            Kind::Map(map) => {
                out.push('{');
                for (at, entry) in map.entries().enumerate().take(40) {
                    out.push_str(if at > 0 { ", " } else { "" });
                    out.push_str(&entry.key.name);
                    out.push_str(": ");
                    entry.value.write(out, depth + 1);
                }
                out.push('}');
            }
        }
    }
}

/// RFC 6901 §4: `~1` is `/`, then `~0` is `~`.
pub(crate) fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Escapes a name for use in a JSON pointer (RFC 6901 §3).
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
