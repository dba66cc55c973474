//! Splits shell code into tokens (POSIX.1-2024, Shell Command Language §2): enough to know the words of a command, and which are literal.

mod word;

use std::ops::Range;

pub(crate) use word::Word;

/// A token of shell code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word.
    Word(Word),
    /// A redirection; the next word is its operand.
    Redirect(Redirect),
    /// The end of a command: a line end, `;`, `&`, `|` and their doubles.
    End,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// How a redirection uses its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// Reads the file.
    Input,
    /// Writes the file.
    Output,
    /// The operand is not a file: a descriptor or a string.
    Other,
}

/// Reads the tokens of a range of the code.
pub(crate) struct Tokenizer<'c> {
    code: &'c str,
    at: usize,
    end: usize,
    /// The delimiters of the here-documents that start after this line, and whether leading tabs are removed.
    heredocs: Vec<(String, bool)>,
    /// The command substitutions found so far, to be read as separate code.
    pub(crate) nested: Vec<Range<usize>>,
}

impl<'c> Tokenizer<'c> {
    pub(crate) fn new(code: &'c str, range: Range<usize>) -> Tokenizer<'c> {
        Tokenizer { code, at: range.start, end: range.end, heredocs: Vec::new(), nested: Vec::new() }
    }

    fn rest(&self) -> &'c str {
        &self.code[self.at..self.end]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    /// Skips a line end that a backslash joins to the next line.
    fn eat_joined_line(&mut self) -> bool {
        self.eat("\\\n") || self.eat("\\\r\n")
    }

    /// Moves after the first `what`, or to the end if there is none.
    fn move_after(&mut self, what: char) -> bool {
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
                    if !(number && matches!(self.peek(), Some(b'<' | b'>'))) {
                        return Some(Token::Word(word));
                    }
                }
            }
        }
    }

    /// Reads a redirection that starts with `<`; `None` for a here-document, whose text follows later.
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
}

#[cfg(test)]
mod tests;
