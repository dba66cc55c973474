//! Takes a source or a page apart into what people read: names that are defined, literals, comments, prose.

use std::sync::LazyLock;

use regex::Regex;

static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(fn|struct|enum|trait|type|mod|const|static|let(?:\s+mut)?)\s+(?:r#)?([A-Za-z_][A-Za-z0-9_]*)",
    )
    .unwrap()
});
static SPAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"`[^`\n]*`").unwrap());
static TARGET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\([^)]*\)").unwrap());

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A function, module or variable.
    Name,
    /// A type or trait.
    Type,
    /// A constant or static.
    Constant,
    /// A literal, a comment or a paragraph.
    Prose,
}

/// Something that people read.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) token: Token,
    /// The line of the file, counted from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

/// Returns the definitions, literals and comments of a Rust source, one piece a line.
pub(super) fn rust(source: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let (kind, length) = next(rest);
        let text = &rest[..length];
        match kind {
            Kind::Code => code.push_str(text),
            Kind::Skipped => code.push(' '),
            Kind::Prose => {
                let first = code.matches('\n').count() + 1;
                for (at, line) in without_spans(text).lines().enumerate() {
                    found.push(Piece { token: Token::Prose, line: first + at, text: line.to_string() });
                }
                code.extend(text.chars().filter(|character| *character == '\n'));
                code.push(' ');
            }
        }
        rest = &rest[length..];
    }
    for captures in DEFINITION.captures_iter(&code) {
        let token = match &captures[1] {
            "struct" | "enum" | "trait" | "type" => Token::Type,
            "const" | "static" => Token::Constant,
            _ => Token::Name,
        };
        let line = code[..captures.get(2).unwrap().start()].matches('\n').count() + 1;
        found.push(Piece { token, line, text: captures[2].to_string() });
    }
    found
}

enum Kind {
    Code,
    Prose,
    Skipped,
}

/// Returns the kind and length of what a source begins with.
fn next(source: &str) -> (Kind, usize) {
    let until =
        |end: &str, from: usize| source[from..].find(end).map_or(source.len(), |at| from + at + end.len());
    if source.starts_with("//") {
        return (Kind::Prose, source.find('\n').unwrap_or(source.len()));
    }
    if source.starts_with("/*") {
        return (Kind::Prose, until("*/", 2));
    }
    let raw = source.strip_prefix('b').unwrap_or(source).strip_prefix('r');
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let begin = source.len() - raw.len() + hashes + 1;
            return (Kind::Prose, until(&format!("\"{}", "#".repeat(hashes)), begin));
        }
    }
    if source.starts_with('"') {
        let mut escaped = false;
        for (at, character) in source.char_indices().skip(1) {
            match character {
                '"' if !escaped => return (Kind::Prose, at + 1),
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        return (Kind::Prose, source.len());
    }
    if let Some(after) = source.strip_prefix('\'') {
        // A character literal; a lifetime has no closing quote so near.
        let mut characters = after.char_indices();
        let length = match characters.next() {
            Some((_, '\\')) => after[1..].find('\'').map(|at| at + 3),
            Some(_) => characters.next().filter(|(_, end)| *end == '\'').map(|(at, _)| at + 2),
            None => None,
        };
        return length.map_or((Kind::Code, 1), |length| (Kind::Skipped, length));
    }
    // A whole word at once, so that the `r` in `for"` begins no raw string.
    let word = source.len() - source.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let first = source.chars().next().map_or(1, char::len_utf8);
    (Kind::Code, word.max(first))
}

/// Returns the paragraphs of a page: code blocks, code spans and targets of links are not read.
pub(super) fn markdown(page: &str) -> Vec<Piece> {
    let mut fenced = false;
    let mut found = Vec::new();
    for (at, line) in page.lines().enumerate() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced {
            let text = TARGET.replace_all(&without_spans(line), "]").into_owned();
            found.push(Piece { token: Token::Prose, line: at + 1, text });
        }
    }
    found
}

/// Returns the lines of a file in which people read everything.
pub(super) fn plain(text: &str) -> Vec<Piece> {
    let piece =
        |(at, line): (usize, &str)| Piece { token: Token::Prose, line: at + 1, text: without_spans(line) };
    text.lines().enumerate().map(piece).collect()
}

/// Returns a string without its code spans.
fn without_spans(text: &str) -> String {
    SPAN.replace_all(text, "``").into_owned()
}
