//! AUTO sections: the generated lines of a handler.
//!
//! ```text
//! # BEGIN AUTO SECTION: operations sha256=<64 digits>
//! …
//! # END AUTO SECTION: operations
//! ```
//!
//! The digest covers the bytes between the two marker lines, so an edit is detected without regenerating the section.

use std::ops::Range;

use artifact::Problem;

use crate::sha256;

const BEGIN: &str = "BEGIN AUTO SECTION:";
const END: &str = "END AUTO SECTION:";
/// The comment markers of the supported languages.
const COMMENTS: [&str; 6] = ["#", "//", "--", ";", "%", "<!--"];

/// The number of AUTO sections of a file; a handler has two.
const MAX_AUTO_SECTIONS: usize = 100;

/// An AUTO section of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fenced {
    /// Its name.
    pub name: String,
    /// The digest in its first line; empty if it is missing.
    pub digest: String,
    /// The byte range of its first line.
    pub begin: Range<usize>,
    /// The byte range between its marker lines.
    pub inside: Range<usize>,
}

/// Returns whether a file contains a marker of an AUTO section.
#[must_use]
pub fn is_in(text: &[u8]) -> bool {
    let has = |marker: &str| memchr::memmem::find(text, marker.as_bytes()).is_some();
    has(BEGIN) || has(END)
}

/// Finds the AUTO sections of a file.
///
/// # Errors
/// When a section is not closed, not opened, nested, or has a duplicate name.
pub fn find(text: &[u8]) -> Result<Vec<Fenced>, Problem> {
    let mut found: Vec<Fenced> = Vec::new();
    let mut open: Option<Fenced> = None;
    let mut at = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let span = at..at + line.len();
        at = span.end;
        let Some((mark, name, rest)) = mark(line) else { continue };
        let problem = |message: String| Problem {
            pointer: String::new(),
            span: trimmed(text, &span),
            message,
            help: None,
        };
        let was_open = open.take();
        match (mark, was_open) {
            (Mark::Begin, Some(other)) => {
                return Err(problem(format!("AUTO section `{name}` starts inside section `{}`", other.name)));
            }
            (Mark::Begin, None) if found.iter().any(|other| other.name == name) => {
                return Err(problem(format!("duplicate AUTO section `{name}`")));
            }
            (Mark::Begin, None) if found.len() == MAX_AUTO_SECTIONS => {
                return Err(problem(format!("more than {MAX_AUTO_SECTIONS} AUTO sections")));
            }
            // Some languages treat a lone carriage return as a line end.
            _ if line
                .iter()
                .rev()
                .skip_while(|byte| matches!(byte, b'\r' | b'\n'))
                .any(|&byte| byte == b'\r') =>
            {
                return Err(problem(format!("carriage return in a marker of AUTO section `{name}`")));
            }
            (Mark::End, _) if !rest.is_empty() => {
                return Err(problem(format!(
                    "unexpected text after the end marker of AUTO section `{name}`"
                )));
            }
            (Mark::Begin, None) => {
                let digest = rest.strip_prefix("sha256=").unwrap_or_default().to_string();
                open = Some(Fenced { name, digest, begin: span.clone(), inside: span.end..span.end });
            }
            (Mark::End, Some(mut section)) if section.name == name => {
                section.inside.end = span.start;
                found.push(section);
            }
            (Mark::End, Some(section)) => {
                return Err(problem(format!("AUTO section `{}` is closed as `{name}`", section.name)));
            }
            (Mark::End, None) => {
                return Err(problem(format!("AUTO section `{name}` is closed but was never opened")));
            }
        }
    }
    match open {
        None => Ok(found),
        Some(section) => Err(Problem {
            pointer: String::new(),
            span: trimmed(text, &section.begin),
            message: format!("AUTO section `{}` is not closed", section.name),
            help: Some(format!("close it with a comment: {END} {}", section.name)),
        }),
    }
}

/// Regenerates the sections of a file: sections that `content` returns are replaced, with the new digest; others are kept.
///
/// # Errors
/// As [`find`].
pub fn make(text: &[u8], content: &dyn Fn(&str) -> Option<String>) -> Result<Vec<u8>, Problem> {
    let mut made = Vec::with_capacity(text.len());
    let mut copied = 0;
    for section in find(text)? {
        let Some(inside) = content(&section.name) else { continue };
        made.extend_from_slice(&text[copied..section.begin.start]);
        made.extend_from_slice(first_line(&text[section.begin.clone()], &section.name, &inside).as_bytes());
        made.extend_from_slice(inside.as_bytes());
        copied = section.inside.end;
    }
    made.extend_from_slice(&text[copied..]);
    Ok(made)
}

/// Returns a whole section with its two marker lines, after a comment marker.
#[must_use]
pub fn write(comment: &str, name: &str, inside: &str) -> String {
    let digest = sha256(inside.as_bytes());
    format!("{comment} {BEGIN} {name} sha256={digest}\n{inside}{comment} {END} {name}\n")
}

/// Returns the sections that do not match the digest in their first line.
pub fn edited<'t>(text: &'t [u8], sections: &'t [Fenced]) -> impl Iterator<Item = &'t Fenced> {
    sections.iter().filter(|section| sha256(&text[section.inside.clone()]) != section.digest)
}

/// Returns the first line with a new digest; indentation, comment marker and line end are preserved.
fn first_line(line: &[u8], name: &str, inside: &str) -> String {
    let line = String::from_utf8_lossy(line);
    let head = line.find(BEGIN).map_or("# ", |at| &line[..at]);
    let closes = if head.trim_start().starts_with("<!--") { " -->" } else { "" };
    let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
    format!("{head}{BEGIN} {name} sha256={}{closes}{end}", sha256(inside.as_bytes()))
}

enum Mark {
    Begin,
    End,
}

/// Reads a line as a marker: its kind, the name of the section, and the rest of the line.
fn mark(line: &[u8]) -> Option<(Mark, String, String)> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let rest = COMMENTS.iter().find_map(|comment| line.strip_prefix(comment))?.trim_start();
    let (mark, rest) = match (rest.strip_prefix(BEGIN), rest.strip_prefix(END)) {
        (Some(rest), _) => (Mark::Begin, rest),
        (_, Some(rest)) => (Mark::End, rest),
        _ => return None,
    };
    let rest = rest.trim_end_matches("-->").trim();
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((mark, name.into(), rest.trim().into()))
}

/// Returns the byte range of a line without trailing whitespace.
fn trimmed(text: &[u8], line: &Range<usize>) -> Range<usize> {
    let length =
        text[line.clone()].iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
    line.start..line.start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_section_is_found_and_matches_its_digest() {
        let text = format!("import x\n{}def f(): pass\n", write("#", "main", "a = 1\nb = 2\n"));
        let sections = find(text.as_bytes()).unwrap();
        assert_eq!(sections.len(), 1);
        assert_eq!(&text[sections[0].inside.clone()], "a = 1\nb = 2\n");
        assert_eq!(edited(text.as_bytes(), &sections).count(), 0);
        let other = text.replace("b = 2", "b = 3");
        assert_eq!(edited(other.as_bytes(), &find(other.as_bytes()).unwrap()).count(), 1);
    }

    #[test]
    fn only_known_sections_are_regenerated() {
        let text = format!("{}between\n{}", write("    //", "a", "old\n"), write("//", "b", "mine\n"));
        let made = make(text.as_bytes(), &|name| (name == "a").then(|| "new\n".into())).unwrap();
        let expected = format!("{}between\n{}", write("    //", "a", "new\n"), write("//", "b", "mine\n"));
        assert_eq!(String::from_utf8(made).unwrap(), expected);
        let twice = make(expected.as_bytes(), &|name| (name == "a").then(|| "new\n".into())).unwrap();
        assert_eq!(twice, expected.as_bytes());
    }

    #[test]
    fn more_sections_than_allowed_are_refused() {
        let text: String =
            (0..20_000).map(|n| format!("#BEGIN AUTO SECTION:{n}\n#END AUTO SECTION:{n}\n")).collect();
        assert_eq!(find(text.as_bytes()).unwrap_err().message, "more than 100 AUTO sections");
    }

    #[test]
    fn invalid_sections_are_refused() {
        for (text, message) in [
            ("# BEGIN AUTO SECTION: a\n", "AUTO section `a` is not closed"),
            ("# END AUTO SECTION: a\n", "AUTO section `a` is closed but was never opened"),
            (
                "# BEGIN AUTO SECTION: a\n# BEGIN AUTO SECTION: b\n",
                "AUTO section `b` starts inside section `a`",
            ),
            ("# BEGIN AUTO SECTION: a\n# END AUTO SECTION: b\n", "AUTO section `a` is closed as `b`"),
            (
                "# BEGIN AUTO SECTION: a\n# END AUTO SECTION: a\n# BEGIN AUTO SECTION: a\n# END AUTO SECTION: a\n",
                "duplicate AUTO section `a`",
            ),
            (
                "# BEGIN AUTO SECTION: a\n# END AUTO SECTION: a more\n",
                "unexpected text after the end marker of AUTO section `a`",
            ),
            (
                "# BEGIN AUTO SECTION: a\n# END AUTO SECTION: a\rprint(1)\n",
                "carriage return in a marker of AUTO section `a`",
            ),
        ] {
            assert_eq!(find(text.as_bytes()).unwrap_err().message, message, "{text}");
        }
        assert_eq!(find(b"x = 'BEGIN AUTO SECTION: a'\n").unwrap(), []);
    }
}
