//! Canonical JSON (RFC 8785) as ledger lines use it: a writer, and a one-pass scanner that accepts only canonical input.
//!
//! The scanner accepts exactly what the writer writes, so `jcs(parse(line)) == line` is checked without building a value. Lines contain integers only, and
//! keys of `[a-z][a-z0-9_]*`, sorted by their bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use artifact::Problem;

/// The nesting of objects and lists: ledger lines need 3, and the scanner recurses.
const MAX_DEPTH: usize = 16;
/// The largest integer that every JSON reader reads exactly: 2⁵³−1.
pub(crate) const MAX_INTEGER: i64 = (1 << 53) - 1;

type Result<T> = std::result::Result<T, Problem>;

/// The raw content of a string, between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'l> {
    raw: &'l str,
    /// The offset of the first byte after the opening quote.
    start: usize,
    escaped: bool,
}

impl<'l> Text<'l> {
    /// Returns the unescaped string.
    #[must_use]
    pub fn value(&self) -> Cow<'l, str> {
        if self.escaped { Cow::Owned(unescape(self.raw)) } else { Cow::Borrowed(self.raw) }
    }

    /// Returns the string if it contains no escape, which is true for every string of a fixed alphabet.
    pub(crate) fn plain(&self) -> Option<&'l str> {
        (!self.escaped).then_some(self.raw)
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }
}

/// The bytes that end a run of literal characters: the closing quote, an escape, a control character.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        stops[at] = true;
        at += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};

/// Reads canonical JSON from left to right; the caller states what it expects.
pub(crate) struct Scanner<'l> {
    text: &'l str,
    at: usize,
    depth: usize,
}

impl<'l> Scanner<'l> {
    pub(crate) fn new(line: &'l [u8]) -> Result<Scanner<'l>> {
        let text = std::str::from_utf8(line).map_err(|error| {
            let at = error.valid_up_to();
            Problem::new(at..at + 1, "the line is not UTF-8")
        })?;
        Ok(Scanner { text, at: 0, depth: 0 })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        let end = self.text[self.at..].chars().next().map_or(self.at, |next| self.at + next.len_utf8());
        Err(Problem::new(self.at..end, message))
    }

    /// Refuses anything after the value.
    pub(crate) fn finish(self) -> Result<()> {
        if self.at == self.text.len() {
            Ok(())
        } else {
            self.fail("unexpected content after the end of the object")
        }
    }

    /// Returns the current byte offset.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Reads an object; `each` reads the value of one key.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(Text<'l>, &mut Scanner<'l>) -> Result<()>,
    ) -> Result<()> {
        self.open(b'{', "an object")?;
        let mut before = "";
        if self.close(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            if key.raw <= before {
                let message = if key.raw == before {
                    format!("duplicate key `{before}`")
                } else {
                    format!("the keys are not sorted: `{}` belongs before `{before}`", key.raw)
                };
                return Err(Problem::new(key.span(), message));
            }
            before = key.raw;
            self.expect(b':')?;
            each(key, self)?;
            if self.close(b'}') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// Reads a key.
    fn key(&mut self) -> Result<Text<'l>> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_key = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
        let length =
            rest.get(1..).map_or(0, |rest| rest.iter().position(|byte| !is_key(byte)).unwrap_or(rest.len()));
        let begins = rest.get(1).is_some_and(u8::is_ascii_lowercase);
        if rest.first() != Some(&b'"') || !begins || rest.get(1 + length) != Some(&b'"') {
            let text = self.text()?;
            return Err(Problem::new(
                text.span(),
                "a key must consist of lower-case letters, digits and `_`",
            ));
        }
        let start = self.at + 1;
        self.at = start + length + 1;
        Ok(Text { raw: &self.text[start..start + length], start, escaped: false })
    }

    /// Reads a list; `each` reads one value.
    pub(crate) fn list(&mut self, mut each: impl FnMut(&mut Scanner<'l>) -> Result<()>) -> Result<()> {
        self.open(b'[', "a list")?;
        if self.close(b']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.close(b']') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn open(&mut self, byte: u8, what: &str) -> Result<()> {
        if self.peek() != Some(byte) {
            return self.fail(format!("expected {what}"));
        }
        if self.depth >= MAX_DEPTH {
            return self.fail(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.at += 1;
        self.depth += 1;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> bool {
        let closes = self.peek() == Some(byte);
        if closes {
            self.at += 1;
            self.depth -= 1;
        }
        closes
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        self.fail(format!("expected `{}`", char::from(byte)))
    }

    /// Reads a string in its canonical spelling (RFC 8785 §3.2.2.2).
    pub(crate) fn text(&mut self) -> Result<Text<'l>> {
        if self.peek() != Some(b'"') {
            return self.fail("expected a string");
        }
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            // Most strings contain no escape, so the run usually ends at the closing quote.
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest.iter().position(|byte| STOPS[usize::from(*byte)]).unwrap_or(rest.len());
            self.at += plain;
            match rest.get(plain) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return self.fail("unescaped control character in a string"),
                None => return self.fail("unterminated string"),
            }
        }
        let raw = &self.text[start..self.at];
        self.at += 1;
        Ok(Text { raw, start, escaped })
    }

    fn escape(&mut self) -> Result<()> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        let length = match rest.first() {
            Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            // Only the characters U+0000 to U+001F that have no short escape above.
            Some(b'u') => match rest.get(1..5) {
                Some([b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f']) => 6,
                Some([b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f']) => 6,
                _ => return self.fail("not the canonical escape of this character (RFC 8785)"),
            },
            _ => return self.fail("not the canonical escape of this character (RFC 8785)"),
        };
        self.at += length;
        Ok(())
    }

    /// Reads an integer.
    pub(crate) fn integer(&mut self) -> Result<i64> {
        let rest = &self.text.as_bytes()[self.at..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let word = &self.text[self.at..self.at + sign + digits];
        let number = word.parse::<i64>().ok().filter(|number| (-MAX_INTEGER..=MAX_INTEGER).contains(number));
        let canonical = number.filter(|number| *number != 0 || sign == 0);
        let canonical = canonical.filter(|_| digits == 1 || rest[sign] != b'0');
        match (canonical, rest.get(sign + digits)) {
            (Some(number), Some(b',' | b'}' | b']') | None) => {
                self.at += sign + digits;
                Ok(number)
            }
            _ => self.fail("expected an integer up to 2^53-1 in canonical form (RFC 8785)"),
        }
    }

    /// Skips any value.
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'{') => self.object(|_, scanner| scanner.skip()),
            Some(b'[') => self.list(Scanner::skip),
            Some(b'"') => self.text().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.integer().map(|_| ()),
            _ => {
                let literals = ["true", "false", "null"];
                match literals.iter().find(|literal| self.text[self.at..].starts_with(**literal)) {
                    Some(literal) => {
                        self.at += literal.len();
                        Ok(())
                    }
                    None => self.fail("expected a value"),
                }
            }
        }
    }
}

/// Checks that a line is a canonical JSON object with the restrictions of ledger lines; its fields are not checked.
///
/// # Errors
/// When it is not canonical.
pub fn check(line: &[u8]) -> Result<()> {
    let mut scanner = Scanner::new(line)?;
    scanner.object(|_, scanner| scanner.skip())?;
    scanner.finish()
}

fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let length = match rest.as_bytes()[at + 1] {
            b'u' => {
                let code = u32::from_str_radix(&rest[at + 2..at + 6], 16).unwrap_or_default();
                text.extend(char::from_u32(code));
                6
            }
            code => {
                text.push(match code {
                    b'b' => '\u{8}',
                    b'f' => '\u{c}',
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    other => char::from(other),
                });
                2
            }
        };
        rest = &rest[at + length..];
    }
    text + rest
}

/// A JSON value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A list.
    List(Vec<Json>),
    /// An object, with keys sorted by their bytes.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Creates an object.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Returns the value with one member per line, for people. This form is not canonical.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.lay_out(0, &mut out);
        out
    }

    fn lay_out(&self, depth: usize, out: &mut String) {
        let inside = "  ".repeat(depth + 1);
        match self {
            Json::Object(members) if !members.is_empty() => {
                let mut before = "{\n";
                for (key, value) in members {
                    let key = Json::text(key.as_str());
                    out.extend([before, &inside, &key.to_string(), ": "]);
                    value.lay_out(depth + 1, out);
                    before = ",\n";
                }
                out.extend(["\n", &inside[2..], "}"]);
            }
            Json::List(list) if list.iter().any(|value| matches!(value, Json::Object(_) | Json::List(_))) => {
                let mut before = "[\n";
                for value in list {
                    out.extend([before, &inside]);
                    value.lay_out(depth + 1, out);
                    before = ",\n";
                }
                out.extend(["\n", &inside[2..], "]"]);
            }
            other => out.push_str(&other.to_string()),
        }
    }

    /// Creates a string.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Json::Text(text) => quote(text, f),
            Json::Integer(number) => write!(f, "{number}"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::List(list) => {
                f.write_char('[')?;
                for (at, value) in list.iter().enumerate() {
                    write!(f, "{}{value}", if at > 0 { "," } else { "" })?;
                }
                f.write_char(']')
            }
            Json::Object(members) => {
                f.write_char('{')?;
                for (at, (key, value)) in members.iter().enumerate() {
                    f.write_str(if at > 0 { "," } else { "" })?;
                    quote(key, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quote(text: &str, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            control if control < ' ' => write!(f, "\\u{:04x}", control as u32)?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_canonical_lines_are_accepted() {
        for line in [
            r#"{}"#,
            r#"{"a":1,"b":[],"b_1":{"c":"\n\u001fé"}}"#,
            r#"{"a":-9007199254740991}"#,
            r#"{"a":null}"#,
        ] {
            assert_eq!(check(line.as_bytes()), Ok(()), "{line}");
        }
        let deep = format!("{}{}", "{\"a\":".repeat(17), "}".repeat(17));
        for line in [
            "",
            "[]",
            "{} ",
            " {}",
            "{\"a\": 1}",
            "{\"a\":1,}",
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,\"a\":1}",
            "{\"A\":1}",
            "{\"\":1}",
            "{\"1\":1}",
            "{\"a\":01}",
            "{\"a\":-0}",
            "{\"a\":1.0}",
            "{\"a\":1e3}",
            "{\"a\":9007199254740992}",
            "{\"a\":99999999999999999999}",
            "{\"a\":-9223372036854775808}",
            "{\"a\":+1}",
            "{\"a\":-}",
            "{\"a\":\"\\/\"}",
            "{\"a\":\"\\u0041\"}",
            "{\"a\":\"\\u000a\"}",
            "{\"a\":\"\\u001F\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"",
            "{\"a\":truthy}",
            "{\"a\"}",
            "\u{feff}{}",
            "{}{}",
            deep.as_str(),
        ] {
            assert!(check(line.as_bytes()).is_err(), "{line}");
        }
        assert!(check(b"{\"a\":\"\xff\"}").is_err() && check(b"{\"a\":\"\xed\xa0\x80\"}").is_err());
    }

    /// An independent implementation: serde_json reads, and another writer of RFC 8785 gives the same bytes.
    fn oracle(line: &str) -> bool {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(line) else { return false };
        value.is_object()
            && serde_json_canonicalizer::to_string(&value).is_ok_and(|again| again == line)
            && is_ours(&value)
    }

    /// The restrictions of ledger lines: integers that every reader reads exactly, and plain keys.
    fn is_ours(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Number(number) => {
                number.as_i64().is_some_and(|number| number.unsigned_abs() <= MAX_INTEGER.unsigned_abs())
            }
            serde_json::Value::Array(list) => list.iter().all(is_ours),
            serde_json::Value::Object(map) => map.iter().all(|(key, value)| {
                let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                key.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
                    && key.bytes().all(plain)
                    && is_ours(value)
            }),
            _ => true,
        }
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Json::Text),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Json::Integer)
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
                proptest::collection::btree_map("[a-z][a-z0-9_]{0,6}", inner, 0..5).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn written_lines_are_accepted_and_equal_those_of_another_writer(members in proptest::collection::btree_map("[a-z][a-z0-9_]{0,6}", json(), 0..5)) {
            let line = Json::Object(members).to_string();
            prop_assert_eq!(check(line.as_bytes()), Ok(()));
            prop_assert!(oracle(&line), "{}", line);
        }

        #[test]
        fn the_scanner_accepts_what_the_oracle_accepts(line in "\\{(\"[a-c]{1,2}\":(-?[0-9]{1,17}|\"[a\\\\\"/bnu0-1f]{0,7}\"|\\[\\]|null|true|1\\.5|1e2),?){0,3}\\}") {
            // serde_json keeps the last of two equal keys, so the oracle then writes a different line and also refuses it.
            prop_assert_eq!(check(line.as_bytes()).is_ok(), oracle(&line), "{}", line);
        }

        #[test]
        fn a_changed_byte_is_refused_unless_the_line_is_still_canonical(members in proptest::collection::btree_map("[a-z]{1,3}", json(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut line = Json::Object(members).to_string().into_bytes();
            let at = at.index(line.len());
            line[at] = byte;
            let expected = std::str::from_utf8(&line).is_ok_and(oracle);
            prop_assert_eq!(check(&line).is_ok(), expected, "{}", String::from_utf8_lossy(&line));
        }

        #[test]
        fn a_string_is_read_back_as_it_was_written(text in any::<String>()) {
            let line = Json::object([("a", Json::text(text.clone()))]).to_string();
            let mut found = None;
            Scanner::new(line.as_bytes()).unwrap().object(|_, scanner| { found = Some(scanner.text()?.value().into_owned()); Ok(()) }).unwrap();
            prop_assert_eq!(found, Some(text));
        }
    }
}
