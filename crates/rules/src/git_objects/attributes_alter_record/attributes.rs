//! gitattributes(5), as far as it alters bytes: patterns that rather match too much than too little, macros, and the precedence of the last line.

use std::collections::BTreeMap;

use policy::Pattern;
use snapshot::RepoPath;

/// What a file of attributes is called.
pub(crate) const NAME: &[u8] = b".gitattributes";
/// The limit of the lines that are read from one file.
const MAX_ATTRIBUTE_LINES: usize = 10_000;

/// What an attribute is: `-text` is unset, `text` is set, `eol=crlf` has a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Unset,
    Set,
    Value(String),
}

/// The attributes of one path.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    known: BTreeMap<String, State>,
    macros: BTreeMap<String, Vec<String>>,
}

impl Attributes {
    /// Applies the lines of a directory's file that match a path below it.
    pub(crate) fn read(&mut self, text: &[u8], folder: &RepoPath, path: &RepoPath) {
        let text = String::from_utf8_lossy(text);
        for line in text.lines().take(MAX_ATTRIBUTE_LINES) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (pattern, rest) = split(line);
            let words: Vec<String> = rest.split_ascii_whitespace().map(String::from).collect();
            if let Some(name) = pattern.strip_prefix("[attr]") {
                // Macros count at the top alone.
                if folder.is_root() {
                    self.macros.insert(name.into(), words);
                }
            } else if matches(&pattern, folder, path) {
                words.iter().for_each(|word| self.take(word, 0));
            }
        }
    }

    fn take(&mut self, word: &str, depth: u32) {
        let (name, state) = match (word.strip_prefix('-'), word.strip_prefix('!'), word.split_once('=')) {
            (Some(name), ..) => (name, Some(State::Unset)),
            (_, Some(name), _) => (name, None),
            (_, _, Some((name, value))) => (name, Some(State::Value(value.into()))),
            _ => (word, Some(State::Set)),
        };
        if state == Some(State::Set) && depth < 8 {
            let words = match (name, self.macros.get(name)) {
                (_, Some(words)) => words.clone(),
                ("binary", None) => ["-diff", "-merge", "-text"].map(String::from).to_vec(),
                _ => Vec::new(),
            };
            words.iter().for_each(|word| self.take(word, depth + 1));
        }
        match state {
            Some(state) => self.known.insert(name.into(), state),
            None => self.known.remove(name),
        };
    }

    /// Returns the attributes with which git checks out or commits changed content.
    pub(crate) fn altering(&self) -> impl Iterator<Item = String> {
        let text_is_off = self.known.get("text") == Some(&State::Unset);
        self.known.iter().filter_map(move |(name, state)| {
            let alters = match (name.as_str(), state) {
                ("text", State::Set | State::Value(_)) => true,
                ("eol" | "crlf", State::Set | State::Value(_)) => !text_is_off,
                ("filter" | "working-tree-encoding", State::Value(_)) => true,
                ("ident", State::Set) => true,
                // A merge of two ledgers makes a third that nobody wrote.
                ("merge", State::Value(_)) => true,
                _ => false,
            };
            alters.then(|| match state {
                State::Value(value) => format!("{name}={value}"),
                State::Set | State::Unset => name.clone(),
            })
        })
    }
}

/// Splits a line into its pattern, which may be quoted, and the rest.
fn split(line: &str) -> (String, &str) {
    let Some(quoted) = line.strip_prefix('"') else {
        let (pattern, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        return (pattern.into(), rest);
    };
    let mut pattern = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (pattern, &quoted[at + 1..]),
            '\\' => {
                // An escape is one character; an octal escape has three digits.
                let is_octal = characters.next().is_some_and(|(_, character)| character.is_ascii_digit());
                if is_octal {
                    characters.nth(1);
                }
                pattern.push('?');
            }
            other => pattern.push(other),
        }
    }
    (pattern, "")
}

/// Returns whether a pattern may match: brackets and escapes match any character.
fn matches(pattern: &str, folder: &RepoPath, path: &RepoPath) -> bool {
    let mut wide = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
                wide.push('?');
            }
            '[' => {
                // In `[]x]` and `[!]x]`, the first closing bracket is a member of the set.
                let rest = characters.as_str();
                let first = rest.strip_prefix(['!', '^']).unwrap_or(rest);
                let from = rest.len() - first.len() + usize::from(first.starts_with(']'));
                match rest[from..].find(']') {
                    Some(end) => {
                        characters = rest[from + end + 1..].chars();
                        wide.push('?');
                    }
                    None => return false,
                }
            }
            '{' | '}' | '!' => wide.push('?'),
            other => wide.push(other),
        }
    }
    let inside = if folder.is_root() { 0 } else { folder.as_bytes().len() + 1 };
    let inside = &path.as_bytes()[inside..];
    let anchored = wide.trim_start_matches('/');
    // Without a slash inside, a pattern names a file at any depth.
    let at_any_depth = anchored.len() == wide.len() && !wide.contains('/');
    let text = if at_any_depth { format!("**/{anchored}") } else { anchored.to_string() };
    // `a**` is `a*` (gitattributes(5) as gitignore(5)).
    let text: Vec<String> = text
        .split('/')
        .map(|part| if part != "**" && part.contains("**") { part.replace("**", "*") } else { part.into() })
        .collect();
    Pattern::new(&text.join("/"))
        .is_ok_and(|pattern| pattern.matches(inside) || pattern.matches_folded(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut attributes = Attributes::default();
        attributes.read(text.as_bytes(), &RepoPath::root(), &RepoPath::from(".ledger/ids.jsonl"));
        attributes.altering().collect()
    }

    #[test]
    fn the_last_line_that_fits_counts() {
        for (text, expected) in [
            ("* text=auto", &["text=auto"][..]),
            ("* text=auto\n.ledger/** -text -merge", &[]),
            (".ledger/** -text\n*.jsonl text eol=crlf", &["eol=crlf", "text"]),
            ("*.jsonl eol=crlf\n.ledger/** -text", &[]),
            (".ledger/ids.json[l] filter=x", &["filter=x"]),
            ("\".ledger/ids\\056jsonl\" filter=x", &["filter=x"]),
            ("/.ledger/ids.jsonl ident", &["ident"]),
            ("**/*.jsonl merge=union", &["merge=union"]),
            ("[attr]evil filter=x\n*.jsonl evil", &["filter=x"]),
            ("*.jsonl binary", &[]),
            ("*.jsonl filter=x\n*.jsonl !filter", &[]),
            ("ids.jsonl/ text\nsub/*.jsonl text\n# * text\n*.yaml text", &[]),
            ("*.JSONL working-tree-encoding=UTF-16", &["working-tree-encoding=UTF-16"]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
