//! The documents of a repository, with the position of every value: our own are read strictly, those of others tolerantly.

mod canonical;
pub mod content;
pub mod decimal;
pub mod embedded;
mod fields;
mod front_matter;
pub mod hidden;
pub mod id_card;
mod json;
pub mod key;
pub mod layout;
mod plugin_spec;
pub mod scalar;
mod shorten;
mod shown_difference;
pub mod tag;
pub mod tolerant;
pub mod ulid;
mod value;
mod without;
mod yaml;

use std::ops::Range;

use snapshot::RepoPath;
use thiserror::Error;

pub use fields::{Fields, Problem};
pub use id_card::{CardDetails, Claims, IdCard};
pub use key::ArtifactKind;
pub use plugin_spec::{Core, Language, Operation, PluginSpec, Runtime};
pub use shorten::{MAX_SHOWN_CHARS, shorten};
pub use shown_difference::show_difference;
pub use snapshot::shell;
pub use tolerant::Format;
pub use ulid::Ulid;
pub use value::{Key, Kind, Map, MapEntry, Notation, Value, escape};

/// The syntax of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// The subset of YAML that every YAML 1.1 and 1.2 reader reads alike.
    Yaml,
    /// JSON (RFC 8259).
    Json,
    /// Markdown that starts with YAML between two `---` lines.
    FrontMatter,
}

impl Syntax {
    /// Returns the syntax of a file by the extension of its name.
    #[must_use]
    pub fn of_path(path: &RepoPath) -> Option<Syntax> {
        let name = path.name();
        let ending = &name[name.iter().rposition(|&byte| byte == b'.')? + 1..];
        match ending.to_ascii_lowercase().as_slice() {
            b"yaml" | b"yml" => Some(Syntax::Yaml),
            b"json" => Some(Syntax::Json),
            b"md" | b"markdown" => Some(Syntax::FrontMatter),
            _ => None,
        }
    }

    /// Returns the name that messages use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Syntax::Yaml => "YAML",
            Syntax::Json => "JSON",
            Syntax::FrontMatter => "front matter",
        }
    }
}

/// The limits that keep a hostile document from exhausting memory or the stack.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The size of a document, in bytes.
    pub bytes: usize,
    /// The nesting of arrays and mappings.
    pub depth: usize,
    /// The number of values.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 1 << 20, depth: 64, nodes: 100_000 }
    }
}

/// The reason why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// The message: lower case, no closing full stop.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// The bytes that the message refers to.
    pub span: Range<usize>,
    /// The first place of a key that is repeated.
    pub first: Option<Range<usize>>,
}

impl SyntaxError {
    /// Makes an error at a place.
    #[must_use]
    pub fn new(span: Range<usize>, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), help: None, span, first: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> SyntaxError {
        self.help = Some(help.into());
        self
    }
}

/// Reads a document.
///
/// # Errors
/// When the document is not UTF-8, exceeds a limit, is malformed, or contains a construct that readers interpret differently.
pub fn parse(syntax: Syntax, source: &[u8], limits: &Limits) -> Result<Value, SyntaxError> {
    if source.len() > limits.bytes {
        let message = format!("the document has {} bytes; the limit is {}", source.len(), limits.bytes);
        return Err(SyntaxError::new(0..0, message));
    }
    if source.starts_with(b"\xef\xbb\xbf") {
        return Err(
            SyntaxError::new(0..3, "the document starts with a byte order mark").help("save it without one")
        );
    }
    let text = std::str::from_utf8(source).map_err(|error| {
        let at = error.valid_up_to();
        SyntaxError::new(at..at + 1, "the document is not UTF-8").help("save it as UTF-8")
    })?;
    let value = match syntax {
        Syntax::Yaml => yaml::parse(text, 0..text.len(), limits, scalar::plain),
        Syntax::Json => json::read(text, 0..text.len(), json::Dialect::Strict, &mut Budget::new(limits)),
        Syntax::FrontMatter => {
            front_matter::find(text).and_then(|range| yaml::parse(text, range, limits, scalar::plain))
        }
    };
    value.map_err(|error| conflict_marker(text).unwrap_or(error))
}

/// Reports the first merge conflict marker, which explains any other error.
fn conflict_marker(text: &str) -> Option<SyntaxError> {
    const MARKER: &str = "<<<<<<<";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_marker = line
            .strip_prefix(MARKER)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\r']));
        if is_marker {
            let span = start..start + line.trim_end().len();
            let error = SyntaxError::new(span, "unresolved merge conflict marker");
            return Some(
                error.help("resolve the conflict, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
            );
        }
        start += line.len();
    }
    None
}

/// Counts values and nesting against the limits.
pub(crate) struct Budget<'l> {
    limits: &'l Limits,
    nodes: usize,
}

impl<'l> Budget<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Budget<'l> {
        Budget { limits, nodes: 0 }
    }

    pub(crate) fn limits(&self) -> &'l Limits {
        self.limits
    }

    pub(crate) fn node(&mut self, span: &Range<usize>) -> Result<(), SyntaxError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(SyntaxError::new(span.clone(), format!("more than {} values", self.limits.nodes)));
        }
        Ok(())
    }

    pub(crate) fn depth(&self, depth: usize, span: &Range<usize>) -> Result<(), SyntaxError> {
        if depth > self.limits.depth {
            let message = format!("nested deeper than {} levels", self.limits.depth);
            return Err(SyntaxError::new(span.clone(), message));
        }
        Ok(())
    }
}
