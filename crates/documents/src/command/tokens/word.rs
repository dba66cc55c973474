//! Reads one shell word: quotes, escapes, expansions and placeholders.

use std::ops::Range;

use super::Tokenizer;

/// The maximum length of a placeholder such as `<your name>`: longer text between angle brackets is redirections.
const MAX_PLACEHOLDER_BYTES: usize = 64;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text, without quotes.
    pub(crate) text: String,
    /// The byte range in the code.
    pub(crate) span: Range<usize>,
    /// Whether the shell uses the text as it is: it contains no variable, pattern or placeholder.
    pub(crate) literal: bool,
    /// Whether a part of it is quoted or escaped.
    pub(crate) quoted: bool,
}

impl Tokenizer<'_> {
    /// Returns the length of the placeholder at this position: `<name>`, followed by a blank or the rest of a path.
    pub(super) fn placeholder(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix('<')?;
        let inside = |c: char| c.is_alphanumeric() || " _-./:|…".contains(c);
        let length = rest.char_indices().find(|(at, c)| *at > MAX_PLACEHOLDER_BYTES || !inside(*c))?.0;
        let name = &rest[..length];
        let behind = rest[length..].strip_prefix('>')?;
        let apart = behind.chars().next().is_none_or(|c| c.is_whitespace() || "/.-_:\"',;)<@=".contains(c));
        (apart && !name.is_empty() && name.trim() == name).then_some(length + 2)
    }

    /// Reads a word; must be called at its start, and always moves forward.
    pub(super) fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word { text: String::new(), span: start..start, literal: true, quoted: false };
        while let Some(byte) = self.peek() {
            match byte {
                b'<' => match self.placeholder() {
                    Some(length) => {
                        word.text.push_str(&self.rest()[..length]);
                        word.literal = false;
                        self.at += length;
                    }
                    None if self.at == start && self.rest().starts_with("<(") => self.substitution(&mut word),
                    None => break,
                },
                b'>' if self.at == start && self.rest().starts_with(">(") => self.substitution(&mut word),
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'>' => break,
                b'\\' => {
                    if !self.eat_joined_line() {
                        self.at += 1;
                        word.quoted = true;
                        self.push_char(&mut word.text);
                    }
                }
                b'\'' => {
                    self.at += 1;
                    word.quoted = true;
                    let from = self.at;
                    word.literal &= self.move_after('\'');
                    word.text.push_str(self.code[from..self.at].trim_end_matches('\''));
                }
                b'"' => self.double_quoted(&mut word),
                b'$' => self.dollar(&mut word),
                b'`' => self.backticks(&mut word),
                b'*' | b'?' | b'[' | b'{' => {
                    word.literal = false;
                    self.push_char(&mut word.text);
                }
                _ => self.push_char(&mut word.text),
            }
        }
        word.span.end = self.at;
        word
    }

    /// Reads one character.
    fn push_char(&mut self, text: &mut String) {
        if let Some(c) = self.rest().chars().next() {
            text.push(c);
            self.at += c.len_utf8();
        }
    }

    /// Reads a double-quoted part (§2.2.3).
    fn double_quoted(&mut self, word: &mut Word) {
        self.at += 1;
        word.quoted = true;
        loop {
            match self.peek() {
                None => {
                    word.literal = false;
                    return;
                }
                Some(b'"') => {
                    self.at += 1;
                    return;
                }
                Some(b'\\') => {
                    if !self.eat_joined_line() {
                        let escapes = self.rest()[1..].starts_with(['$', '`', '"', '\\']);
                        self.at += usize::from(escapes);
                        self.push_char(&mut word.text);
                    }
                }
                Some(b'$') => self.dollar(word),
                Some(b'`') => self.backticks(word),
                Some(_) => self.push_char(&mut word.text),
            }
        }
    }

    /// Reads an expansion (§2.6).
    fn dollar(&mut self, word: &mut Word) {
        let next = self.rest()[1..].chars().next();
        match next {
            Some('(') => self.substitution(word),
            Some('{') => {
                word.literal = false;
                self.move_after('}');
            }
            Some(c) if c.is_alphanumeric() || "_@*#?-$!'\"".contains(c) => {
                word.literal = false;
                self.at += 1;
            }
            _ => self.push_char(&mut word.text),
        }
    }

    fn backticks(&mut self, word: &mut Word) {
        word.literal = false;
        self.at += 1;
        let from = self.at;
        if self.move_after('`') {
            self.nested.push(from..self.at - 1);
        }
    }

    /// Skips `$(…)`, `<(…)` or `>(…)`.
    fn substitution(&mut self, word: &mut Word) {
        word.literal = false;
        let inside = self.at + 2;
        match self.matching(inside) {
            Some(close) => {
                self.nested.push(inside..close);
                self.at = close + 1;
            }
            None => self.at = self.end,
        }
    }

    /// Finds the parenthesis that closes the one before `from`.
    fn matching(&self, from: usize) -> Option<usize> {
        let bytes = &self.code.as_bytes()[..self.end];
        let mut open = vec![b'('];
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            match (open.last()?, byte) {
                (_, b'\\') => at += 1,
                (b'"', b'"') => drop(open.pop()),
                (b'"', b'$') if bytes.get(at + 1) == Some(&b'(') => {
                    open.push(b'(');
                    at += 1;
                }
                (b'"', _) => {}
                (_, b'"') => open.push(b'"'),
                (_, b'\'') => at += 1 + bytes[at + 1..].iter().position(|byte| *byte == b'\'')?,
                (_, b'(') => open.push(b'('),
                (_, b')') => {
                    open.pop();
                    if open.is_empty() {
                        return Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }
}
