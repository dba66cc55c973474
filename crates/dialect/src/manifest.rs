//! A manifest: its text, and its document or why it cannot be read.

use artifact::{Problem, SyntaxError, Value, tolerant};
use policy::{Dialect, IdentitySource};
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

/// A manifest that was read.
#[derive(Debug)]
pub struct Manifest {
    /// Its path.
    pub path: RepoPath,
    /// Its text; empty where it was not read.
    pub text: Vec<u8>,
    /// Its document.
    pub document: std::result::Result<Value, Unreadable>,
}

/// Why a manifest has no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The message, with its place in the text.
    pub problem: Problem,
}

impl Manifest {
    /// Reads a manifest with the tolerant reader.
    ///
    /// # Errors
    /// When the file cannot be read; that its content is not a document is a part of the manifest.
    pub fn open(snapshot: &dyn Snapshot, dialect: &Dialect, node: &Node) -> Result<Manifest> {
        let path = node.path.clone();
        let unreadable = |message: String| {
            let problem = Problem::new(0..0, message);
            Manifest { path: path.clone(), text: Vec::new(), document: Err(Unreadable { problem }) }
        };
        if !matches!(node.object.mode, Mode::File | Mode::Executable) {
            return Ok(unreadable(format!(
                "the manifest is {}, not a regular file",
                node.object.mode.kind()
            )));
        }
        let Some(format) = dialect.format_of(&path) else {
            return Ok(unreadable("the format of the manifest is unknown".into()));
        };
        let text = match snapshot.read(node, tolerant::LIMITS.bytes as u64) {
            Err(Error::TooLarge { size, limit, .. }) => {
                return Ok(unreadable(format!("the manifest has {size} bytes; the limit is {limit}")));
            }
            other => other?,
        };
        let document = tolerant::read(format, &text, &tolerant::LIMITS).map_err(Unreadable::from);
        Ok(Manifest { path, text, document })
    }

    /// Returns the identity, where one of the sources gives it.
    #[must_use]
    pub fn identity(&self, sources: &[IdentitySource]) -> Option<String> {
        sources.iter().find_map(|source| source.read(&self.path, self.document.as_ref().ok()))
    }

    /// Returns a scalar of the document as it is written.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> Option<String> {
        let document = self.document.as_ref().ok()?;
        document.pointer(pointer)?.source_text().map(std::borrow::Cow::into_owned)
    }
}

impl From<SyntaxError> for Unreadable {
    fn from(error: SyntaxError) -> Unreadable {
        let problem =
            Problem { pointer: String::new(), span: error.span, message: error.message, help: error.help };
        Unreadable { problem }
    }
}
