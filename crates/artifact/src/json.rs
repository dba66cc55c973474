//! A JSON (RFC 8259) reader with positions, without recursion, that rejects duplicate keys.

use std::ops::Range;

use crate::{Budget, Key, Kind, Map, SyntaxError, Value, scalar};

/// What a document may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JSON; a number must be in the range of a double, because readers round others differently.
    Strict,
    /// JSON with numbers of any size.
    Tolerant,
    /// Comments and trailing commas as well.
    Comments,
}

/// Reads the JSON document in a range of the text; spans are relative to the start of the text.
pub(crate) fn read(
    text: &str,
    range: Range<usize>,
    dialect: Dialect,
    budget: &mut Budget<'_>,
) -> Result<Value, SyntaxError> {
    let mut reader = Reader { text: &text[..range.end], at: range.start, dialect };
    let mut open: Vec<Open> = Vec::new();
    loop {
        reader.space()?;
        let start = reader.at;
        let mut done = match reader.peek() {
            Some(b'{') => {
                budget.depth(open.len() + 1, &(start..start + 1))?;
                reader.at += 1;
                open.push(Open::Map { start, map: Map::default(), key: None });
                if !reader.first_key(&mut open)? {
                    continue;
                }
                None
            }
            Some(b'[') => {
                budget.depth(open.len() + 1, &(start..start + 1))?;
                reader.at += 1;
                reader.space()?;
                open.push(Open::List { start, list: Vec::new() });
                if reader.peek() != Some(b']') {
                    continue;
                }
                None
            }
            _ => Some(reader.scalar()?),
        };
        // A value is complete: add it to its container, and close the containers that it completes.
        while let Some(value) = match done.take() {
            Some(value) => Some(value),
            None => reader.close(&mut open)?,
        } {
            budget.node(&value.span)?;
            reader.space()?;
            let Some(container) = open.last_mut() else {
                return match reader.peek() {
                    None => Ok(value),
                    Some(_) => Err(reader.error("unexpected content after the end of the document")),
                };
            };
            container.push(value)?;
            match (container, reader.peek()) {
                (Open::List { .. }, Some(b',')) => {
                    if !reader.comma_ends(b']')? {
                        break;
                    }
                }
                (Open::Map { key, .. }, Some(b',')) => {
                    if !reader.comma_ends(b'}')? {
                        *key = Some(reader.key()?);
                        break;
                    }
                }
                (Open::List { .. }, Some(b']')) | (Open::Map { .. }, Some(b'}')) => {}
                (Open::List { .. }, _) => return Err(reader.error("expected `,` or `]`")),
                (Open::Map { .. }, _) => return Err(reader.error("expected `,` or `}`")),
            }
        }
    }
}

/// An array or object that is not closed yet.
enum Open {
    List { start: usize, list: Vec<Value> },
    Map { start: usize, map: Map, key: Option<Key> },
}

impl Open {
    fn push(&mut self, value: Value) -> Result<(), SyntaxError> {
        match self {
            Open::List { list, .. } => list.push(value),
            Open::Map { map, key, .. } => {
                let Some(key) = key.take() else {
                    return Err(SyntaxError::new(value.span, "value without a key"));
                };
                let span = key.span.clone();
                map.insert(key, value).map_err(|first| duplicate_key(span, &first))?;
            }
        }
        Ok(())
    }
}

/// Describes a duplicate key.
pub(crate) fn duplicate_key(span: Range<usize>, first: &Key) -> SyntaxError {
    let message = format!("duplicate key `{}`", first.name);
    let mut error = SyntaxError::new(span, message);
    error.first = Some(first.span.clone());
    error.help("remove one of them: readers differ on which value counts")
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space, and comments where the dialect has them.
    fn space(&mut self) -> Result<(), SyntaxError> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            if self.dialect != Dialect::Comments {
                return Ok(());
            }
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let Some(length) = comment.find("*/") else {
                    return Err(SyntaxError::new(self.at..self.at + 2, "unterminated comment"));
                };
                self.at += 2 + length + 2;
            } else {
                return Ok(());
            }
        }
    }

    /// Skips a comma; returns whether it is a trailing one, before the end of its container.
    fn comma_ends(&mut self, end: u8) -> Result<bool, SyntaxError> {
        self.at += 1;
        if self.dialect != Dialect::Comments {
            return Ok(false);
        }
        self.space()?;
        Ok(self.peek() == Some(end))
    }

    fn error(&self, message: &str) -> SyntaxError {
        let end = self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        SyntaxError::new(self.at..end, message)
    }

    /// Reads the first key of an object just opened; `true` if the object is empty.
    fn first_key(&mut self, open: &mut [Open]) -> Result<bool, SyntaxError> {
        self.space()?;
        if self.peek() == Some(b'}') {
            return Ok(true);
        }
        let name = self.key()?;
        if let Some(Open::Map { key, .. }) = open.last_mut() {
            *key = Some(name);
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<Key, SyntaxError> {
        self.space()?;
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key in double quotes"));
        }
        let name = self.string()?;
        let span = start..self.at;
        self.space()?;
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:`"));
        }
        self.at += 1;
        Ok(Key { name, span })
    }

    /// Closes the innermost container, whose end is the current character.
    fn close(&mut self, open: &mut Vec<Open>) -> Result<Option<Value>, SyntaxError> {
        let closed = match open.pop() {
            Some(Open::List { start, list }) => (start, Kind::List(list)),
            Some(Open::Map { start, map, .. }) => (start, Kind::Map(map)),
            None => return Ok(None),
        };
        self.at += 1;
        Ok(Some(Value::new(closed.1, closed.0..self.at)))
    }

    fn scalar(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'"') => Kind::String(self.string()?),
            Some(_) => {
                let rest = &self.text[start..];
                let end = rest
                    .find([',', ']', '}', ' ', '\t', '\n', '\r', ':', '"', '[', '{', '/'])
                    .unwrap_or(rest.len());
                let word = &rest[..end];
                let kind = match word {
                    "null" => Some(Kind::Null),
                    "true" => Some(Kind::Bool(true)),
                    "false" => Some(Kind::Bool(false)),
                    word if self.dialect == Dialect::Strict => scalar::number(word),
                    word => scalar::number_of_any_size(word),
                };
                let Some(kind) = kind else { return Err(self.error("expected a value")) };
                self.at += end;
                kind
            }
            None => return Err(self.error("unexpected end of the document: expected a value")),
        };
        Ok(Value::new(kind, start..self.at))
    }

    /// Reads a string whose opening quote is the current character.
    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                return Err(self.error("unterminated string"));
            };
            text.push_str(&rest[..stop]);
            self.at += stop;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => {
                    return Err(self
                        .error("unescaped control character in a string")
                        .help("escape it, e.g. `\\n` or `\\u0007`"));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        let code = self.text.as_bytes().get(self.at + 1).copied();
        self.at += 2;
        Ok(match code {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex(start)?;
                let code = match high {
                    0xd800..0xdc00 if self.text[self.at..].starts_with("\\u") => {
                        self.at += 2;
                        let low = self.hex(start)?;
                        if !(0xdc00..0xe000).contains(&low) {
                            return Err(SyntaxError::new(start..self.at, "unpaired surrogate in an escape"));
                        }
                        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                    }
                    code => code,
                };
                let lone = || SyntaxError::new(start..self.at, "unpaired surrogate in an escape");
                char::from_u32(code).ok_or_else(lone)?
            }
            _ => {
                self.at = start;
                return Err(self.error("invalid escape"));
            }
        })
    }

    fn hex(&mut self, start: usize) -> Result<u32, SyntaxError> {
        let digits =
            self.text.as_bytes().get(self.at..self.at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        let end = self.at.min(self.text.len());
        code.ok_or_else(|| SyntaxError::new(start..end, "expected four hexadecimal digits after `\\u`"))
    }
}
