//! Source text without its comments, by the type of the file. Line numbers stay: comments become blanks.

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comments {
    /// `#` to the end of the line; documentation between `"""` after `@doc`, `@moduledoc` or `@typedoc`.
    Elixir,
    /// `#` to the end of the line.
    Hash,
    /// `//` to the end of the line, and `/* … */`.
    Slashes,
    /// `<!-- … -->`, `<%# … %>` and `<%!-- … --%>`.
    Markup,
    /// None.
    Nothing,
}

impl Comments {
    fn of(path: &[u8]) -> Comments {
        let extension = path.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
        match extension {
            b"ex" | b"exs" => Comments::Elixir,
            b"py" | b"rb" | b"sh" | b"yaml" | b"yml" | b"toml" => Comments::Hash,
            b"rs" | b"js" | b"mjs" | b"ts" | b"tsx" | b"go" | b"c" | b"h" | b"java" | b"kt" | b"zig" => {
                Comments::Slashes
            }
            b"heex" | b"eex" | b"leex" | b"html" | b"htm" | b"xml" | b"md" => Comments::Markup,
            _ => Comments::Nothing,
        }
    }
}

/// Replaces the comments of a source file by blanks.
pub(super) fn without_comments(path: &[u8], text: &str) -> String {
    let comments = Comments::of(path);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (length, is_comment) = token(comments, rest, &out);
        let (piece, after) = rest.split_at(length);
        if is_comment {
            out.extend(piece.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        } else {
            out.push_str(piece);
        }
        rest = after;
    }
    out
}

/// Returns the length of the next token, never zero, and whether it is a comment.
fn token(comments: Comments, rest: &str, before: &str) -> (usize, bool) {
    let line = || rest.find('\n').unwrap_or(rest.len());
    let until = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    let one = rest.chars().next().map_or(1, char::len_utf8);
    match comments {
        Comments::Nothing => (rest.len(), false),
        Comments::Markup => {
            for (start, end) in [("<!--", "-->"), ("<%!--", "--%>"), ("<%#", "%>")] {
                if rest.starts_with(start) {
                    return (until(end), true);
                }
            }
            (one, false)
        }
        Comments::Slashes => match rest {
            _ if rest.starts_with("//") => (line(), true),
            _ if rest.starts_with("/*") => (until("*/"), true),
            _ if rest.starts_with(['"', '`']) => (quoted(rest, one), false),
            _ => (one, false),
        },
        Comments::Hash | Comments::Elixir => {
            if let Some(inner) = rest.strip_prefix("\"\"\"") {
                let length = inner.find("\"\"\"").map_or(rest.len(), |at| at + 6);
                return (length, comments == Comments::Elixir && is_documentation(before));
            }
            match rest {
                // `?#` and `?"` are characters.
                _ if comments == Comments::Elixir && (rest.starts_with("?#") || rest.starts_with("?\"")) => {
                    (2, false)
                }
                _ if rest.starts_with('#') => (line(), true),
                _ if rest.starts_with('"') => {
                    let length = quoted(rest, one);
                    (length, comments == Comments::Elixir && is_documentation(before))
                }
                _ => (one, false),
            }
        }
    }
}

/// Returns the length of a string that begins here, with backslash escapes; one that never ends is the rest.
fn quoted(rest: &str, quote: usize) -> usize {
    let delimiter = &rest.as_bytes()[..quote];
    let bytes = rest.as_bytes();
    let mut at = quote;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if [byte] == *delimiter => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Returns whether what comes after this text is the text of a documentation attribute.
fn is_documentation(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    ["@doc", "@moduledoc", "@typedoc", "@shortdoc"].iter().any(|name| before.ends_with(name))
}

/// Returns the line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_blanks_and_strings_stay() {
        for (path, text, expected) in [
            ("a.ex", "a # b\nc", "a    \nc"),
            ("a.ex", "x = \"# no\" # yes", "x = \"# no\"      "),
            ("a.ex", "x = ?# + 1", "x = ?# + 1"),
            ("a.ex", "@doc \"\"\"\nno\n\"\"\"\ny", "@doc    \n  \n   \ny"),
            ("a.ex", "x \"\"\"\n# no\n\"\"\"", "x \"\"\"\n# no\n\"\"\""),
            ("a.rs", "a // b\n/* c\n*/d \"//\"", "a     \n    \n  d \"//\""),
            ("a.heex", "<%# no %>yes<!-- no -->", "         yes           "),
            ("a.bin", "# stays", "# stays"),
            ("a.py", "x = \"unclosed # \\\"", "x = \"unclosed # \\\""),
        ] {
            assert_eq!(without_comments(path.as_bytes(), text), expected, "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_never_cut() {
        for path in ["a.ex", "a.rs", "a.heex", "a.py", "a"] {
            for text in ["\"\\é\"é # é", "// é\n\"é", "<!-- é", "\"\"\"é"] {
                let out = without_comments(path.as_bytes(), text);
                assert_eq!(out.matches('\n').count(), text.matches('\n').count(), "{path} {text}");
            }
        }
    }
}
