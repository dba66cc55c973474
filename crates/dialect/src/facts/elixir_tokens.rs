//! The tokens of Elixir source, as far as facts need them: nothing is expanded or evaluated.

/// A token and its line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) line: usize,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name in lower case, such as `defmodule`, with the names behind its dots.
    Name(String),
    /// A module, such as `Tribes.Plugin`.
    Module(String),
    /// `:name`.
    Atom(String),
    /// `name:` in a keyword list.
    Key(String),
    /// The text between double quotes, if nothing in it is interpolated.
    Text(String),
    /// A number, or a string that is not literal.
    Other,
    /// A single character.
    Sign(char),
}

/// The tokens of one file: real modules have some thousand.
const MAX_TOKENS: usize = 200_000;

/// Splits source without comments into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next().filter(|_| found.len() < MAX_TOKENS) {
        let (kind, length) = match first {
            '\n' => {
                line += 1;
                (None, 1)
            }
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '"' => text_token(rest),
            ':' => atom(rest),
            '?' => (Some(TokenKind::Other), 1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
            _ if first.is_ascii_digit() => {
                (Some(TokenKind::Other), run(rest, |c| c.is_ascii_alphanumeric() || c == '_'))
            }
            _ if first.is_alphabetic() || first == '_' => name(rest),
            _ => (Some(TokenKind::Sign(first)), first.len_utf8()),
        };
        found.extend(kind.map(|kind| Token { kind, line }));
        line += if first == '\n' { 0 } else { rest[..length].matches('\n').count() };
        rest = &rest[length..];
    }
    found
}

fn run(text: &str, goes_on: impl Fn(char) -> bool) -> usize {
    text.find(|character: char| !goes_on(character)).unwrap_or(text.len())
}

fn text_token(rest: &str) -> (Option<TokenKind>, usize) {
    if let Some(inner) = rest.strip_prefix("\"\"\"") {
        return (Some(TokenKind::Other), inner.find("\"\"\"").map_or(rest.len(), |at| at + 6));
    }
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    if at >= bytes.len() {
        return (Some(TokenKind::Other), rest.len());
    }
    let inside = &rest[1..at];
    if rest[at + 1..].starts_with(':') && !rest[at + 1..].starts_with("::") {
        return (Some(TokenKind::Key(inside.into())), at + 2);
    }
    let is_literal = !inside.contains(['\\']) && !inside.contains("#{");
    (Some(if is_literal { TokenKind::Text(inside.into()) } else { TokenKind::Other }), at + 1)
}

fn atom(rest: &str) -> (Option<TokenKind>, usize) {
    let length = run(&rest[1..], |c| c.is_alphanumeric() || matches!(c, '_' | '@'));
    let marks = run(&rest[1 + length..], |c| matches!(c, '?' | '!')).min(1);
    match length {
        0 => (Some(TokenKind::Sign(':')), 1),
        _ => (Some(TokenKind::Atom(rest[1..=length + marks].into())), 1 + length + marks),
    }
}

fn name(rest: &str) -> (Option<TokenKind>, usize) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut length = run(rest, is_part);
    length += run(&rest[length..], |c| matches!(c, '?' | '!')).min(1);
    if rest[length..].starts_with(':') && !rest[length..].starts_with("::") {
        return (Some(TokenKind::Key(rest[..length].into())), length + 1);
    }
    let is_module = rest.starts_with(char::is_uppercase);
    // Names behind dots belong to it, as in `Tribes.Plugin` and `Mix.env`.
    while let Some(after) = rest[length..].strip_prefix('.') {
        let next = after.chars().next();
        let goes_on =
            next.is_some_and(|next| if is_module { next.is_uppercase() } else { next.is_alphabetic() });
        if !goes_on {
            break;
        }
        length += 1 + run(after, is_part);
    }
    let text = rest[..length].to_string();
    (Some(if is_module { TokenKind::Module(text) } else { TokenKind::Name(text) }), length)
}

impl Token {
    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(&self.kind, TokenKind::Name(own) if own == name)
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }
}

/// Returns the position behind the bracket that closes the one at `open`.
pub(super) fn behind_bracket(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Sign('[' | '{' | '(') => depth += 1,
            TokenKind::Sign(']' | '}' | ')') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the position of the `end` of the block that `do` at `open` begins.
pub(super) fn end_of_block(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_name("do") || token.is_name("fn") {
            depth += 1;
        } else if token.is_name("end") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Splits the tokens inside a bracket at its commas.
pub(super) fn elements(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut found, mut start, mut depth) = (Vec::new(), 0, 0i32);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Sign('[' | '{' | '(') => depth += 1,
            TokenKind::Sign(']' | '}' | ')') => depth -= 1,
            TokenKind::Sign(',') if depth == 0 => {
                found.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        found.push(&tokens[start..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn source_becomes_tokens() {
        use TokenKind::{Atom, Key, Module, Name, Other, Sign, Text};
        assert_eq!(
            kinds("use Ash.Resource, app: :a_b, \"x\": \"y\""),
            [
                Name("use".into()),
                Module("Ash.Resource".into()),
                Sign(','),
                Key("app".into()),
                Atom("a_b".into()),
                Sign(','),
                Key("x".into()),
                Text("y".into())
            ]
        );
        assert_eq!(
            kinds("Mix.env() == 1_0"),
            [
                Module("Mix".into()),
                Sign('.'),
                Name("env".into()),
                Sign('('),
                Sign(')'),
                Sign('='),
                Sign('='),
                Other
            ]
        );
        assert_eq!(kinds("\"a#{b}\" ?\" \"\"\"\nx\n\"\"\""), [Other, Other, Other]);
        assert_eq!(tokens("a\n\"b\nc\"\nd").last().map(|token| token.line), Some(4));
    }

    #[test]
    fn any_text_ends_and_is_never_cut_inside_a_letter() {
        for text in ["\"\\é", "é:é", ":é?é", "?é", "\"é\":", "[[[", "ʼn.É", "\"\"\"é"] {
            let found = tokens(text);
            assert!(found.len() <= text.len());
            assert!(behind_bracket(&found, 0).is_none() && end_of_block(&found, 0).is_none());
        }
    }
}
