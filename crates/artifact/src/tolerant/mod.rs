//! The tolerant reader: documents that other programs own, read as those programs read them, with the position of every value.

mod core_schema;
mod front_matter;
mod json_lines;
mod merge;
mod toml;
mod yaml;

use std::ops::Range;

use snapshot::RepoPath;

use crate::json::{self, Dialect};
use crate::{Budget, Kind, Limits, SyntaxError, Value, conflict_marker};

/// The format of a document that another program owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Format {
    /// YAML 1.2, core schema; several documents are a list.
    Yaml,
    /// YAML 1.2, where even a single document is a list of one.
    YamlStream,
    /// JSON (RFC 8259).
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// One JSON value on each line: a list.
    JsonLines,
    /// TOML.
    Toml,
    /// YAML or TOML at the start of a Markdown file.
    FrontMatter,
}

impl Format {
    /// Every format, by the name that policies use.
    pub const NAMES: [(&'static str, Format); 7] = [
        ("yaml", Format::Yaml),
        ("yaml-stream", Format::YamlStream),
        ("json", Format::Json),
        ("jsonc", Format::Jsonc),
        ("jsonl", Format::JsonLines),
        ("toml", Format::Toml),
        ("front-matter", Format::FrontMatter),
    ];

    /// Returns the format of a file by the extension of its name.
    #[must_use]
    pub fn of_path(path: &RepoPath) -> Option<Format> {
        let name = path.name();
        let extension = &name[name.iter().rposition(|&byte| byte == b'.')? + 1..];
        match extension.to_ascii_lowercase().as_slice() {
            b"yaml" | b"yml" => Some(Format::Yaml),
            b"json" => Some(Format::Json),
            b"jsonc" => Some(Format::Jsonc),
            b"jsonl" | b"ndjson" => Some(Format::JsonLines),
            b"toml" => Some(Format::Toml),
            b"md" | b"markdown" | b"mdx" => Some(Format::FrontMatter),
            _ => None,
        }
    }

    /// Returns the format that a policy names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }

    /// Returns the name that policies use.
    #[must_use]
    pub fn name(self) -> &'static str {
        Format::NAMES.into_iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// The limits of a document that another program owns: registries keep larger files than we do.
pub const LIMITS: Limits = Limits { bytes: 4 << 20, depth: 64, nodes: 100_000 };

/// Reads a document as one value: a stream of several YAML documents is a list.
///
/// # Errors
/// When it is not UTF-8, exceeds a limit, is malformed, or repeats a key.
pub fn read(format: Format, source: &[u8], limits: &Limits) -> Result<Value, SyntaxError> {
    let mut documents = read_each(format, source, limits)?;
    if documents.len() == 1 && format != Format::YamlStream {
        return Ok(documents.remove(0));
    }
    if documents.is_empty() && format == Format::Yaml {
        return Ok(Value::new(Kind::Null, 0..0));
    }
    let span = documents.first().map_or(0, |first| first.span.start)
        ..documents.last().map_or(source.len(), |last| last.span.end);
    Ok(Value::new(Kind::List(documents), span))
}

/// Reads the documents of a file, each on its own: several of a YAML stream, one of any other format.
///
/// # Errors
/// As [`read`].
pub fn read_each(format: Format, source: &[u8], limits: &Limits) -> Result<Vec<Value>, SyntaxError> {
    if source.len() > limits.bytes {
        let message = format!("the document has {} bytes; the limit is {}", source.len(), limits.bytes);
        return Err(SyntaxError::new(0..0, message));
    }
    let text = decode(source)?;
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut budget = Budget::new(limits);
    documents(format, text, start..text.len(), &mut budget)
        .map_err(|error| conflict_marker(text).unwrap_or_else(|| with_both_places(error, text)))
}

fn documents(
    format: Format,
    text: &str,
    range: Range<usize>,
    budget: &mut Budget<'_>,
) -> Result<Vec<Value>, SyntaxError> {
    let one = |value: Value| vec![value];
    match format {
        Format::Yaml | Format::YamlStream => yaml::read(text, range, budget),
        Format::Json => json::read(text, range, Dialect::Tolerant, budget).map(one),
        Format::Jsonc => json::read(text, range, Dialect::Comments, budget).map(one),
        Format::JsonLines => json_lines::read(text, range, budget).map(one),
        Format::Toml => toml::read(text, range, budget).map(one),
        Format::FrontMatter => {
            let (format, range) = front_matter::find(text, range)?;
            let mut found = documents(format, text, range, budget)?;
            // Only comments between the fences: no field has a value.
            Ok(one(if found.is_empty() { Value::new(Kind::Null, 0..0) } else { found.remove(0) }))
        }
    }
}

fn decode(source: &[u8]) -> Result<&str, SyntaxError> {
    if source.starts_with(b"\xff\xfe") || source.starts_with(b"\xfe\xff") {
        return Err(SyntaxError::new(0..2, "the document is UTF-16, not UTF-8").help("save it as UTF-8"));
    }
    std::str::from_utf8(source).map_err(|error| {
        let at = error.valid_up_to();
        SyntaxError::new(at..at + 1, "the document is not UTF-8").help("save it as UTF-8")
    })
}

/// Adds the lines of both places to the error of a repeated key.
fn with_both_places(mut error: SyntaxError, text: &str) -> SyntaxError {
    if let Some(first) = &error.first {
        let line = |at: usize| text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let (here, there) = (line(error.span.start), line(first.start));
        error.help = Some(if here == there {
            format!("line {here} contains the key twice: remove one of them")
        } else {
            format!("line {here} repeats the key of line {there}: remove one of them")
        });
    }
    error
}
