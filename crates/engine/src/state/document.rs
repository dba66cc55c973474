//! A checked document: its bytes, and its value or why it cannot be read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use artifact::{Limits, Problem, Syntax, SyntaxError, Value, parse};
use diagnostic::{Diagnostic, Location, RuleInfo};
use digest::Digest;
use schema::{Bundle, FileProblem, Schema, SchemaFiles, refers_to_files};
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

use super::identity_text::names_identity;

/// The size limit of a document.
pub(crate) const MAX_DOCUMENT_BYTES: u64 = 4 << 20;

/// The size limit of a file whose beginning is searched for an identity.
const MAX_SEARCHED_DOCUMENT_BYTES: u64 = 64 << 20;

/// A checked document.
pub struct Document {
    /// Its path.
    pub path: RepoPath,
    /// Its bytes.
    pub text: Vec<u8>,
    /// Its value, or why it cannot be read.
    pub value: std::result::Result<Value, SyntaxError>,
    /// Whether it has an identity, or is meant to have one and cannot be read.
    pub names_identity: bool,
    /// The document as a schema, compiled on first use.
    schema: OnceLock<Option<Compiled>>,
}

/// A compiled schema, or why it is invalid.
type Compiled = Arc<std::result::Result<Schema, FileProblem>>;

/// Compiled schemas by the SHA-256 of their text: many plugins have the same inputs and outputs, and compiling is slow.
static COMPILED: Mutex<BTreeMap<Digest, Compiled>> = Mutex::new(BTreeMap::new());
/// The size limit of that cache.
const MAX_COMPILED_SCHEMAS: usize = 1024;

/// Compiles a schema, or returns the cached one of the same text; one of several files is not cached.
fn compile(text: &[u8], value: &Value, inside: &str, files: &SchemaFiles<'_>) -> Compiled {
    let bundled = || Bundle::new(inside, value, files).and_then(|bundle| bundle.compile());
    if refers_to_files(value) {
        return Arc::new(bundled());
    }
    let key = Digest::of(text);
    // A poisoned lock is safe to use: a panic cannot leave the map incomplete.
    let kept = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept().get(&key) {
        return Arc::clone(known);
    }
    let compiled = Arc::new(bundled());
    let mut kept = kept();
    if kept.len() >= MAX_COMPILED_SCHEMAS {
        kept.clear();
    }
    kept.insert(key, Arc::clone(&compiled));
    compiled
}

/// Returns whether a file that is too large for a document begins with the front matter of an identity; one that cannot be read at all may.
fn begins_with_identity(snapshot: &dyn Snapshot, node: &Node) -> Result<bool> {
    match snapshot.read(node, MAX_SEARCHED_DOCUMENT_BYTES) {
        Err(Error::TooLarge { .. }) => Ok(true),
        other => Ok(names_identity(&other?)),
    }
}

impl Document {
    /// Opens a document; `None` where the path is not a regular file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<Option<Document>> {
        let node = snapshot.find(path)?;
        let Some(node) = node.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable)) else {
            return Ok(None);
        };
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Yaml);
        let text = match snapshot.read(&node, MAX_DOCUMENT_BYTES) {
            Err(Error::TooLarge { size, .. }) => {
                let message =
                    format!("the document is {size} bytes long, and the limit is {MAX_DOCUMENT_BYTES}");
                let value = Err(SyntaxError::new(0..0, message));
                return Ok(Some(Document {
                    path: path.clone(),
                    text: Vec::new(),
                    value,
                    names_identity: syntax == Syntax::FrontMatter && begins_with_identity(snapshot, &node)?,
                    schema: OnceLock::new(),
                }));
            }
            other => other?,
        };
        let limits = Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() };
        let value = parse(syntax, &text, &limits);
        let names_identity = match &value {
            Ok(value) => value.get("ulid").is_some() || value.get("doc_key").is_some(),
            Err(_) => names_identity(&text),
        };
        Ok(Some(Document { path: path.clone(), text, value, names_identity, schema: OnceLock::new() }))
    }

    /// Compiles the document as a JSON Schema that refers to no other file; `None` where it cannot be read.
    pub fn schema(&self) -> Option<std::result::Result<&Schema, &FileProblem>> {
        self.schema_among("", SchemaFiles::default)
    }

    /// Compiles the document as a JSON Schema at a path among the files that it may refer to; `None` where it cannot be read.
    pub(super) fn schema_among<'f>(
        &self,
        inside: &str,
        files: impl FnOnce() -> SchemaFiles<'f>,
    ) -> Option<std::result::Result<&Schema, &FileProblem>> {
        let compile = || {
            let value = self.value.as_ref().ok()?;
            let files = if refers_to_files(value) { files() } else { SchemaFiles::default() };
            Some(compile(&self.text, value, inside, &files))
        };
        self.schema.get_or_init(compile).as_ref().map(|compiled| compiled.as_ref().as_ref())
    }

    /// Returns the string at a JSON pointer.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> Option<&str> {
        self.value.as_ref().ok()?.pointer(pointer)?.as_str()
    }

    /// Returns the place of a value, or of the document where the value is missing.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Location {
        match self.value.as_ref().ok().and_then(|value| value.pointer(pointer)) {
            Some(value) => Location::at(&self.path, &self.text, value.span.clone()).with_pointer(pointer),
            None => Location::of(&self.path),
        }
    }

    /// Returns a problem of the document as a finding of a rule.
    #[must_use]
    pub fn to_diagnostic(&self, rule: &'static RuleInfo, problem: Problem) -> Diagnostic {
        let place = Location::at(&self.path, &self.text, problem.span).with_pointer(problem.pointer);
        let diagnostic = Diagnostic::new(rule, problem.message).at(place);
        let help = problem.help.unwrap_or_else(|| format!("id-guard explain {}", rule.id.code));
        diagnostic.help(help)
    }

    /// Reports why the document cannot be read.
    #[must_use]
    pub fn unreadable(&self, rule: &'static RuleInfo, error: &SyntaxError) -> Diagnostic {
        let problem = Problem {
            pointer: String::new(),
            span: error.span.clone(),
            message: error.message.clone(),
            help: error.help.clone(),
        };
        self.to_diagnostic(rule, problem)
    }

    /// Reports every violation of a schema, or why the document cannot be read.
    pub fn validate(
        &self,
        rule: &'static RuleInfo,
        schema: &Schema,
        is_reported: impl Fn(&Problem) -> bool,
        findings: &mut Vec<Diagnostic>,
    ) {
        match &self.value {
            Err(error) => findings.push(self.unreadable(rule, error)),
            Ok(value) => {
                let problems = schema.check(value).into_iter().filter(is_reported);
                findings.extend(problems.map(|problem| self.to_diagnostic(rule, problem)));
            }
        }
    }
}
