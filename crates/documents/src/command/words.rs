//! Shell words (POSIX.1-2024, Shell Command Language §2): enough to know which words a command is made of, and which of them say what they say.

use std::ops::Range;

/// How long a placeholder like `<your name>` may be.
const LONGEST_PLACEHOLDER: usize = 64;

/// A piece of shell code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word.
    Word(Word),
    /// What a redirection does with the word behind it.
    Redirect(Redirect),
    /// The end of a command: a line end, `;`, `&`, `|` and their doubles.
    End,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// What a redirection does with its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// Reads the file.
    Input,
    /// Makes the file.
    Output,
    /// Means no file: a descriptor or a text.
    Other,
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it says, without quotes.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// Whether it says what is written: no variable, pattern or placeholder is in it.
    pub(crate) literal: bool,
    /// Whether any of it is quoted or escaped.
    pub(crate) quoted: bool,
}

/// Reads the tokens of a range of the code.
pub(crate) struct Words<'c> {
    code: &'c str,
    at: usize,
    end: usize,
    /// The ends of the here-documents that begin behind this line, and whether tabs before them are dropped.
    heredocs: Vec<(String, bool)>,
    /// The command substitutions that were met, to be read as code of their own.
    pub(crate) nested: Vec<Range<usize>>,
}

impl<'c> Words<'c> {
    pub(crate) fn new(code: &'c str, range: Range<usize>) -> Words<'c> {
        Words { code, at: range.start, end: range.end, heredocs: Vec::new(), nested: Vec::new() }
    }

    fn rest(&self) -> &'c str {
        &self.code[self.at..self.end]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    fn eat(&mut self, what: &str) -> bool {
        let there = self.rest().starts_with(what);
        self.at += if there { what.len() } else { 0 };
        there
    }

    /// Passes over the end of a line that a backslash joins to the next.
    fn eat_joined_line(&mut self) -> bool {
        self.eat("\\\n") || self.eat("\\\r\n")
    }

    /// Moves behind the first `what`; to the end where there is none.
    fn behind(&mut self, what: char) -> bool {
        let found = self.rest().find(what);
        self.at = found.map_or(self.end, |length| self.at + length + what.len_utf8());
        found.is_some()
    }

    pub(crate) fn next(&mut self) -> Option<Token> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.eat_joined_line() => {}
                b'#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                b'\n' => {
                    self.at += 1;
                    self.skip_heredocs();
                    return Some(Token::End);
                }
                b';' | b'|' => {
                    self.at += 1;
                    return Some(Token::End);
                }
                b'&' => {
                    let output = self.eat("&>>") || self.eat("&>");
                    self.at += usize::from(!output);
                    return Some(if output { Token::Redirect(Redirect::Output) } else { Token::End });
                }
                b'(' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b')' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'<' if self.placeholder().is_none() && !self.rest().starts_with("<(") => match self.less() {
                    Some(redirect) => return Some(Token::Redirect(redirect)),
                    None => continue,
                },
                b'>' if !self.rest().starts_with(">(") => {
                    let other = self.eat(">&");
                    let _ = other || self.eat(">>") || self.eat(">|") || self.eat(">");
                    return Some(Token::Redirect(if other { Redirect::Other } else { Redirect::Output }));
                }
                _ => {
                    let word = self.word();
                    // §2.7: digits right before a redirection are the descriptor.
                    let number =
                        word.literal && !word.quoted && word.text.bytes().all(|b| b.is_ascii_digit());
                    match number && matches!(self.peek(), Some(b'<' | b'>')) {
                        true => continue,
                        false => return Some(Token::Word(word)),
                    }
                }
            }
        }
    }

    /// Reads what begins with `<`; `None` for a here-document, whose text stands further down.
    fn less(&mut self) -> Option<Redirect> {
        if self.eat("<<<") || self.eat("<&") {
            return Some(Redirect::Other);
        }
        if self.eat("<<") {
            let tabs = self.eat("-");
            while matches!(self.peek(), Some(b' ' | b'\t')) {
                self.at += 1;
            }
            let end = self.word();
            self.heredocs.push((end.text, tabs));
            return None;
        }
        let _ = self.eat("<>") || self.eat("<");
        Some(Redirect::Input)
    }

    fn skip_heredocs(&mut self) {
        for (end, tabs) in std::mem::take(&mut self.heredocs) {
            while self.at < self.end {
                let line = self.rest().split('\n').next().unwrap_or_default();
                self.at = (self.at + line.len() + 1).min(self.end);
                let line = line.strip_suffix('\r').unwrap_or(line);
                if end == if tabs { line.trim_start_matches('\t') } else { line } {
                    break;
                }
            }
        }
    }

    /// Returns how long the placeholder is that stands here: `<name>`, before a blank or more of a path.
    fn placeholder(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix('<')?;
        let inside = |c: char| c.is_alphanumeric() || " _-./:|…".contains(c);
        let length = rest.char_indices().find(|(at, c)| *at > LONGEST_PLACEHOLDER || !inside(*c))?.0;
        let name = &rest[..length];
        let behind = rest[length..].strip_prefix('>')?;
        let apart = behind.chars().next().is_none_or(|c| c.is_whitespace() || "/.-_:\"',;)<@=".contains(c));
        (apart && !name.is_empty() && name.trim() == name).then_some(length + 2)
    }

    /// Reads a word. It is called where one begins, and moves ahead.
    fn word(&mut self) -> Word {
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
                        self.one(&mut word.text);
                    }
                }
                b'\'' => {
                    self.at += 1;
                    word.quoted = true;
                    let from = self.at;
                    word.literal &= self.behind('\'');
                    word.text.push_str(self.code[from..self.at].trim_end_matches('\''));
                }
                b'"' => self.double_quoted(&mut word),
                b'$' => self.dollar(&mut word),
                b'`' => self.backticks(&mut word),
                b'*' | b'?' | b'[' | b'{' => {
                    word.literal = false;
                    self.one(&mut word.text);
                }
                _ => self.one(&mut word.text),
            }
        }
        word.span.end = self.at;
        word
    }

    /// Takes one character.
    fn one(&mut self, text: &mut String) {
        if let Some(c) = self.rest().chars().next() {
            text.push(c);
            self.at += c.len_utf8();
        }
    }

    /// §2.2.3.
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
                        self.one(&mut word.text);
                    }
                }
                Some(b'$') => self.dollar(word),
                Some(b'`') => self.backticks(word),
                Some(_) => self.one(&mut word.text),
            }
        }
    }

    /// §2.6: what stands for something else.
    fn dollar(&mut self, word: &mut Word) {
        let next = self.rest()[1..].chars().next();
        match next {
            Some('(') => self.substitution(word),
            Some('{') => {
                word.literal = false;
                self.behind('}');
            }
            Some(c) if c.is_alphanumeric() || "_@*#?-$!'\"".contains(c) => {
                word.literal = false;
                self.at += 1;
            }
            _ => self.one(&mut word.text),
        }
    }

    fn backticks(&mut self, word: &mut Word) {
        word.literal = false;
        self.at += 1;
        let from = self.at;
        if self.behind('`') {
            self.nested.push(from..self.at - 1);
        }
    }

    /// Passes over `$(…)`, `<(…)` or `>(…)`.
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

    /// Finds the parenthesis that closes what is open at a place.
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

#[cfg(test)]
mod tests;
