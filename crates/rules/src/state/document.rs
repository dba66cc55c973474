//! A document that is judged: its text, and what it says or why it cannot be read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use artifact::{Limits, Problem, Syntax, SyntaxError, Value, parse};
use diagnostic::{Diagnostic, Location, RuleInfo};
use schema::Schema;
use sha2::{Digest as _, Sha256};
use snapshot::{Error, Mode, RepoPath, Result, Snapshot};

/// The largest document that is opened, in bytes.
pub(crate) const LARGEST: u64 = 4 << 20;

/// A document that is judged.
pub(crate) struct Document {
    pub(crate) path: RepoPath,
    pub(crate) text: Vec<u8>,
    pub(crate) value: std::result::Result<Value, SyntaxError>,
    /// The document as a schema, once a rule asks for it.
    schema: OnceLock<Option<Compiled>>,
}

/// A schema, or why it is none.
type Compiled = Arc<std::result::Result<Schema, Problem>>;

/// Schemas that were compiled, by the SHA-256 of their text: many plugins take and give the same, and compiling is what costs.
static COMPILED: Mutex<BTreeMap<[u8; 32], Compiled>> = Mutex::new(BTreeMap::new());
/// The most of them that are kept.
const MOST_COMPILED: usize = 1024;

/// Compiles a schema, or takes the one that the same text made.
fn compile(text: &[u8], value: &Value) -> Compiled {
    let key: [u8; 32] = Sha256::digest(text).into();
    // Whoever panicked while holding it left nothing half done.
    let kept = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept().get(&key) {
        return Arc::clone(known);
    }
    let compiled = Arc::new(Schema::compile(value));
    let mut kept = kept();
    if kept.len() >= MOST_COMPILED {
        kept.clear();
    }
    kept.insert(key, Arc::clone(&compiled));
    compiled
}

impl Document {
    /// Opens a document; `None` where there is no regular file.
    pub(crate) fn open(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<Option<Document>> {
        let node = snapshot.find(path)?;
        let Some(node) = node.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable)) else {
            return Ok(None);
        };
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Yaml);
        let text = match snapshot.read(&node, LARGEST) {
            Err(Error::TooLarge { size, .. }) => {
                let message = format!("the document is {size} bytes long, and the limit is {LARGEST}");
                let value = Err(SyntaxError { message, help: None, span: 0..0 });
                return Ok(Some(Document {
                    path: path.clone(),
                    text: Vec::new(),
                    value,
                    schema: OnceLock::new(),
                }));
            }
            other => other?,
        };
        let limits = Limits { bytes: LARGEST as usize, ..Limits::default() };
        let value = parse(syntax, &text, &limits);
        Ok(Some(Document { path: path.clone(), text, value, schema: OnceLock::new() }))
    }

    /// Takes the document for a JSON Schema; `None` where it cannot even be read.
    pub(crate) fn schema(&self) -> Option<std::result::Result<&Schema, &Problem>> {
        let compile = || self.value.as_ref().ok().map(|value| compile(&self.text, value));
        self.schema.get_or_init(compile).as_ref().map(|compiled| compiled.as_ref().as_ref())
    }

    /// Returns the text that a JSON pointer leads to.
    pub(crate) fn text_at(&self, pointer: &str) -> Option<&str> {
        self.value.as_ref().ok()?.pointer(pointer)?.as_str()
    }

    /// Returns the place of a value, or of the document where the value is not there.
    pub(crate) fn place(&self, pointer: &str) -> Location {
        match self.value.as_ref().ok().and_then(|value| value.pointer(pointer)) {
            Some(value) => Location::at(&self.path, &self.text, value.span.clone()).with_pointer(pointer),
            None => Location::of(&self.path),
        }
    }

    /// Puts a problem of the document into a rule's diagnostic.
    pub(crate) fn tell(&self, rule: &'static RuleInfo, problem: Problem) -> Diagnostic {
        let place = Location::at(&self.path, &self.text, problem.span).with_pointer(problem.pointer);
        let diagnostic = Diagnostic::new(rule, problem.message).at(place);
        match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// Says why the document cannot be read.
    pub(crate) fn tell_unreadable(&self, rule: &'static RuleInfo, error: &SyntaxError) -> Diagnostic {
        let problem = Problem {
            pointer: String::new(),
            span: error.span.clone(),
            message: error.message.clone(),
            help: error.help.clone(),
        };
        self.tell(rule, problem)
    }

    /// Tells everything that a schema finds wrong with the document, or why it cannot be read.
    pub(crate) fn hold(
        &self,
        rule: &'static RuleInfo,
        schema: &Schema,
        tells: impl Fn(&Problem) -> bool,
        findings: &mut Vec<Diagnostic>,
    ) {
        match &self.value {
            Err(error) => findings.push(self.tell_unreadable(rule, error)),
            Ok(value) => {
                let problems = schema.check(value).into_iter().filter(tells);
                findings.extend(problems.map(|problem| self.tell(rule, problem)));
            }
        }
    }
}
