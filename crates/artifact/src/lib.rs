//! The documents a repository holds, read strictly: every value knows where it stands, and nothing is guessed.

pub mod carried;
pub mod content;
mod fields;
mod front_matter;
pub mod id_card;
mod json;
pub mod key;
pub mod layout;
mod plugin_spec;
pub mod scalar;
pub mod shell;
pub mod tag;
pub mod ulid;
mod value;
mod yaml;

use std::ops::Range;

use snapshot::RepoPath;
use thiserror::Error;

pub use fields::{Fields, Problem};
pub use id_card::{Claims, IdCard};
pub use key::ArtifactKind;
pub use plugin_spec::{Core, Language, Operation, PluginSpec, Runtime};
pub use ulid::Ulid;
pub use value::{Key, Kind, Map, MapEntry, Value, escape};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, a subset that every YAML 1.1 and 1.2 reader reads alike.
    Yaml,
    /// YAML that other programs read, as a workflow: what readers differ on is taken for a text, and nothing for null.
    ForeignYaml,
    /// JSON (RFC 8259).
    Json,
    /// Markdown that begins with YAML between two `---` lines.
    FrontMatter,
}

impl Syntax {
    /// Tells the syntax from a file's name.
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
            Syntax::Yaml | Syntax::ForeignYaml => "YAML",
            Syntax::Json => "JSON",
            Syntax::FrontMatter => "front matter",
        }
    }
}

/// The bounds that keep a hostile document from taking memory or the stack.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest document, in bytes.
    pub bytes: usize,
    /// The deepest nesting of lists and maps.
    pub depth: usize,
    /// The most values.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 1 << 20, depth: 64, nodes: 100_000 }
    }
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong: lower case, no closing full stop.
    pub message: String,
    /// How to put it right.
    pub help: Option<String>,
    /// The bytes at fault.
    pub span: Range<usize>,
}

impl SyntaxError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), help: None, span }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> SyntaxError {
        self.help = Some(help.into());
        self
    }
}

/// Reads a document.
///
/// # Errors
/// When it is not UTF-8, over a limit, not of the syntax, or says something that readers read differently.
pub fn parse(syntax: Syntax, source: &[u8], limits: &Limits) -> Result<Value, SyntaxError> {
    if source.len() > limits.bytes {
        let message =
            format!("the document is {} bytes long, and the limit is {}", source.len(), limits.bytes);
        return Err(SyntaxError::new(0..0, message));
    }
    if source.starts_with(b"\xef\xbb\xbf") {
        return Err(
            SyntaxError::new(0..3, "the document begins with a byte order mark").help("save it without one")
        );
    }
    let text = std::str::from_utf8(source).map_err(|error| {
        let at = error.valid_up_to();
        SyntaxError::new(at..at + 1, "the document is not UTF-8").help("save it as UTF-8")
    })?;
    match syntax {
        Syntax::Yaml => yaml::parse(text, 0..text.len(), limits, scalar::plain),
        Syntax::ForeignYaml => yaml::parse(text, 0..text.len(), limits, scalar::foreign),
        Syntax::Json => json::parse(text, limits),
        Syntax::FrontMatter => yaml::parse(text, front_matter::find(text)?, limits, scalar::plain),
    }
}

/// Counts what is built against the limits.
pub(crate) struct Budget<'l> {
    limits: &'l Limits,
    nodes: usize,
}

impl<'l> Budget<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Budget<'l> {
        Budget { limits, nodes: 0 }
    }

    pub(crate) fn node(&mut self, span: &Range<usize>) -> Result<(), SyntaxError> {
        self.nodes += 1;
        match self.nodes <= self.limits.nodes {
            true => Ok(()),
            false => Err(SyntaxError::new(span.clone(), format!("more than {} values", self.limits.nodes))),
        }
    }

    pub(crate) fn depth(&self, depth: usize, span: &Range<usize>) -> Result<(), SyntaxError> {
        match depth <= self.limits.depth {
            true => Ok(()),
            false => Err(SyntaxError::new(
                span.clone(),
                format!("nested deeper than {} levels", self.limits.depth),
            )),
        }
    }
}
