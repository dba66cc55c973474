//! The one sanitiser: every byte that came from a repository passes it on its way to a terminal, a log, a summary or an annotation.
//!
//! What could move the cursor, hide or reorder text, or be taken by a CI runner for a command is shown escaped, so that a reader still
//! sees what was there.

use std::fmt::Write as _;

use snapshot::RepoPath;

/// The longest text that is shown, in characters.
pub const MAX_TEXT_CHARS: usize = 1_000;

/// Makes a string safe to show on one line.
#[must_use]
pub fn text(text: &str) -> String {
    bytes(text.as_bytes())
}

/// Makes bytes safe to show on one line; what is not UTF-8 is shown as `\xNN`.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    let mut out = String::new();
    // A character has at most four bytes: what lies far behind the cap need not be looked at.
    let looked_at = &bytes[..bytes.len().min(MAX_TEXT_CHARS * 4 + 4)];
    let mut cells = cells(looked_at);
    let mut left = bytes.len() - looked_at.len();
    if cells.len() > MAX_TEXT_CHARS {
        left += cells.len() - MAX_TEXT_CHARS;
        cells.truncate(MAX_TEXT_CHARS);
    }
    out.extend(cells);
    if left > 0 {
        let _ = write!(out, "… ({left} more)");
    }
    not_a_command(out)
}

/// Makes a path safe to show.
#[must_use]
pub fn path(path: &RepoPath) -> String {
    bytes(path.as_bytes())
}

/// Splits bytes into characters, each made safe, so that columns can still be counted.
#[must_use]
pub fn cells(bytes: &[u8]) -> Vec<String> {
    let mut cells = Vec::new();
    for chunk in bytes.utf8_chunks() {
        cells.extend(chunk.valid().chars().map(cell));
        cells.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    // `##[` is a command to the GitHub runner wherever it occurs in a line.
    for at in 0..cells.len().saturating_sub(2) {
        if cells[at] == "#" && cells[at + 1] == "#" && cells[at + 2] == "[" {
            cells[at] = "\\x23".into();
        }
    }
    cells
}

fn cell(c: char) -> String {
    match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if (c as u32) < 0x20 || c == '\x7f' => format!("\\x{:02x}", c as u32),
        c if is_deceptive(c) => format!("\\u{{{:x}}}", c as u32),
        c => c.into(),
    }
}

/// Returns whether a character is invisible, moves or reorders others, or has no agreed look.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    matches!(c as u32,
        0x80..=0x9f            // C1 controls
        | 0xad | 0x34f         // soft hyphen, combining grapheme joiner
        | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890 | 0x891 | 0x8e2
        | 0x115f | 0x1160 | 0x17b4 | 0x17b5
        | 0x180b..=0x180f
        | 0x200b..=0x200f      // zero width, left-to-right and right-to-left marks
        | 0x2028..=0x202e      // line and paragraph separators, bidi embeddings and overrides
        | 0x2060..=0x206f      // word joiner, bidi isolates
        | 0x2800 | 0x3164 | 0xffa0
        | 0xfe00..=0xfe0f      // variation selectors
        | 0xe000..=0xf8ff      // private use
        | 0xfeff | 0xfff0..=0xffff
        | 0x110bd | 0x110cd | 0x13430..=0x1343f
        | 0x1bca0..=0x1bca3    // shorthand that steers
        | 0x1d173..=0x1d17a
        | 0xe0000..=0x10ffff   // tags, private use
    )
}

/// A line whose first visible characters are `::` is a command to the GitHub runner.
fn not_a_command(text: String) -> String {
    let trimmed = text.trim_start();
    if trimmed.starts_with("::") {
        let spaces = text.len() - trimmed.len();
        return format!("{}\\x3a{}", &text[..spaces], &trimmed[1..]);
    }
    text
}

/// Makes a string safe inside Markdown: no HTML, mention, link, code or table cell comes out of it.
#[must_use]
pub fn markdown(source: &str) -> String {
    let mut out = String::new();
    for c in text(source).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A zero width joiner would do for mentions too, but an entity stays visible when copied.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            ':' => out.push_str("&#58;"),
            // GFM makes a link of a bare address that begins with `www.`.
            '.' if ends_in_www(&out) => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Escapes the text of a GitHub workflow command (runner: `%`, CR and LF).
#[must_use]
pub fn annotation(source: &str) -> String {
    source.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a GitHub workflow command (as the text, and `:` and `,`).
#[must_use]
pub fn annotation_property(source: &str) -> String {
    annotation(source).replace(':', "%3A").replace(',', "%2C")
}

/// Rewrites JSON text so that no runner finds a command in it; it stays the same JSON.
///
/// Inside strings, control characters are escaped by any JSON writer; what is left is `##[`, and characters that deceive a reader.
#[must_use]
pub fn json(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(|c: char| c == '#' || c == '\x7f' || is_deceptive(c)) {
        out.push_str(&rest[..at]);
        let c = rest[at..].chars().next().unwrap_or_default();
        rest = &rest[at + c.len_utf8()..];
        if c == '#' && !rest.starts_with("#[") {
            out.push('#');
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_deceives_is_shown() {
        for (source, shown) in [
            (&b"plain-1.0_x/y"[..], "plain-1.0_x/y"),
            (b"a\x1b[31mb", "a\\x1b[31mb"),
            (b"a\r\nb\tc", "a\\r\\nb\\tc"),
            (b"a\xffb", "a\\xffb"),
            ("a\u{202e}b\u{2066}".as_bytes(), "a\\u{202e}b\\u{2066}"),
            ("caf\u{e9} \u{4e16}".as_bytes(), "caf\u{e9} \u{4e16}"),
            (b"::error::x", "\\x3a:error::x"),
            (b"  ::error::x", "  \\x3a:error::x"),
            (b"a ##[group]x", "a \\x23#[group]x"),
            (
                "\u{1bca0}::error::x \u{890}\u{110bd}\u{13430}".as_bytes(),
                "\\u{1bca0}::error::x \\u{890}\\u{110bd}\\u{13430}",
            ),
            (b"a::b # [x]", "a::b # [x]"),
        ] {
            assert_eq!(bytes(source), shown);
        }
        assert_eq!(
            bytes(&[b'x'; 1_000_000]).chars().count(),
            MAX_TEXT_CHARS + "… (999000 more)".chars().count()
        );
    }

    #[test]
    fn markdown_stays_text() {
        assert_eq!(
            markdown("<b>@all `x` [a](b)|"),
            "&lt;b&gt;&#64;all &#96;x&#96; &#91;a&#93;&#40;b&#41;&#124;"
        );
        assert_eq!(markdown("WWW.example.net 1.0"), "WWW&#46;example.net 1.0");
    }

    proptest! {
        #[test]
        fn nothing_foreign_gets_through(source in prop::collection::vec(any::<u8>(), 0..300), mixed in "[#:\\[\\]a \u{1b}\u{202e}\r\n%]{0,40}") {
            for shown in [bytes(&source), text(&mixed)] {
                prop_assert!(!shown.chars().any(|c| c.is_control() || is_deceptive(c)), "{:?}", shown);
                prop_assert!(!shown.contains("##["));
                prop_assert!(!shown.trim_start().starts_with("::"));
            }
            let document = serde_json::to_string(&mixed).unwrap();
            let safe = json(&document);
            prop_assert!(!safe.contains("##["));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), mixed);
        }
    }
}
