//! Documents that packs check: by their schemas, and by their custom rules, which the caller evaluates.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use artifact::{Format, Problem, Value, tolerant};
use diagnostic::{CheckError, Diagnostic, Location};
use policy::{PackDocument, Policy};
use schema::{Bundle, FileProblem, Schema, SchemaFiles, unsupported_number};
use snapshot::{Change, Mode, Node, RepoPath, Snapshot};

use crate::error::Error;
use crate::pack_place::{file_of, pack_name, rules_place};
use crate::rule::CustomIssue;
use crate::rule_set::RuleSet;

/// The limit of documents that an entry of a pack checks in one run.
const MAX_DOCUMENTS: usize = 100_000;

/// A document that custom rules check.
pub struct CustomInput {
    /// Its path.
    pub path: RepoPath,
    /// Its value.
    pub value: Value,
    /// A mapping that its rules find below `data`, for this document alone.
    pub data: Option<Value>,
    /// Its position in a file of several documents.
    pub(crate) position: Option<usize>,
    pub(crate) text: Rc<Vec<u8>>,
}

impl CustomInput {
    /// Returns the pointer into the whole file.
    fn pointer_in_file(&self, pointer: &str) -> String {
        self.position.map_or_else(|| pointer.to_string(), |position| format!("/{position}{pointer}"))
    }
}

/// The result of a custom rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomResult {
    /// The position of the input; `None` where the rules get all inputs and do not name one.
    pub input: Option<usize>,
    /// Whether it denies, or only warns.
    pub denies: bool,
    /// The rule, as in `data.main.deny_host`.
    pub rule: String,
    /// The name that the result itself gives the rule, as in `review-required`.
    pub name: Option<String>,
    /// Its message.
    pub message: String,
    /// Where in the input, as an RFC 6901 pointer.
    pub pointer: Option<String>,
    /// How to fix it.
    pub help: Option<String>,
}

/// Evaluates the custom rules of an entry of a pack on the documents that it matches.
pub type CustomRules<'e> =
    dyn Fn(&PackDocument, &Policy, &[CustomInput]) -> Result<Vec<CustomResult>, CheckError> + Sync + 'e;

/// Checks the documents that packs match: those that a change touches, or without a change all of them.
///
/// # Errors
/// When a document cannot be read, or the rules cannot be evaluated.
pub(crate) fn check_documents(
    rules: RuleSet<'_>,
    head: &dyn Snapshot,
    changes: Option<&[Change]>,
    policy: &Policy,
    evaluate: &CustomRules<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    for pack in &policy.packs {
        for document in &pack.documents {
            let touched = |change: &&Change| document.pattern.matches(change.path.as_bytes());
            let paths = match changes {
                // Rules that get all documents at once get all of them as soon as one is touched or removed.
                Some(changes) if !document.combine || !changes.iter().any(|change| touched(&change)) => {
                    changes
                        .iter()
                        .filter(touched)
                        .filter(|change| change.after.is_some())
                        .map(|change| change.path.clone())
                        .collect()
                }
                _ => all(head, document)?,
            };
            DocumentCheck { rules, head, policy, document, is_change: changes.is_some(), evaluate }
                .check(paths, findings)?;
        }
    }
    Ok(())
}

/// Compiles the schema of an entry, with the files of the pack that it refers to.
fn compile(document: &PackDocument, path: &RepoPath, schema: &Value) -> Result<Schema, CheckError> {
    let pack = document.origin.path.parent();
    let inside = lossy(path);
    let inside = inside.strip_prefix(&format!("{}/", lossy(&pack))).unwrap_or(&inside);
    let files = document.schema_files.iter().map(|(path, value)| (path.clone(), value.as_ref()));
    let files = SchemaFiles::new("the pack's files", files);
    Bundle::new(inside, schema, &files)
        .and_then(|bundle| bundle.compile())
        .map_err(|found| invalid_schema(&pack.join(found.path.as_bytes()), &found))
}

fn invalid_schema(path: &RepoPath, found: &FileProblem) -> CheckError {
    CheckError {
        message: format!("invalid schema of a pack: {}", found.problem.message),
        help: found.problem.help.clone(),
        location: Some(Location::of(path).with_pointer(found.problem.pointer.clone())),
    }
}

/// Returns every path of a tree that an entry matches.
fn all(head: &dyn Snapshot, document: &PackDocument) -> snapshot::Result<BTreeSet<RepoPath>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![head.root()?];
    while let Some(folder) = folders.pop() {
        for entry in head.list(&folder)?.iter() {
            let node = Node { path: folder.path.join(entry.name), object: entry.object };
            if node.object.mode == Mode::Directory {
                if document.pattern.enters(node.path.as_bytes()) {
                    folders.push(node);
                }
            } else if document.pattern.matches(node.path.as_bytes()) {
                found.insert(node.path);
            }
        }
    }
    Ok(found)
}

/// An entry of a pack, and the documents that it checks.
struct DocumentCheck<'c> {
    rules: RuleSet<'c>,
    head: &'c dyn Snapshot,
    policy: &'c Policy,
    document: &'c PackDocument,
    is_change: bool,
    evaluate: &'c CustomRules<'c>,
}

impl DocumentCheck<'_> {
    fn check(&self, paths: BTreeSet<RepoPath>, findings: &mut Vec<Diagnostic>) -> Result<(), Error> {
        let document = self.document;
        if paths.len() > MAX_DOCUMENTS {
            return Err(too_many(document, paths.len()).into());
        }
        let schema = match &document.schema {
            Some((path, value)) => Some((path, compile(document, path, value)?)),
            None => None,
        };
        let mut inputs = Vec::new();
        for path in paths {
            let opened = self.open(&path, findings)?;
            for input in &opened {
                if let Some(mut problem) = unsupported_number(&input.value) {
                    problem.pointer = input.pointer_in_file(&problem.pointer);
                    return Err(inexact(input, problem).into());
                }
                let Some((path, schema)) = &schema else { break };
                let path = file_of(&document.origin, path);
                for mut problem in schema.check(&input.value) {
                    problem.pointer = input.pointer_in_file(&problem.pointer);
                    let found = self.violation(&input.path, &input.text, problem);
                    findings.extend(found.map(|found| found.note(format!("required by {path}"))));
                }
            }
            inputs.extend(opened);
        }
        // A change without such documents asks nothing of the rules; a whole tree asks whether they can be evaluated at all.
        if document.rules.is_empty() || inputs.is_empty() && self.is_change {
            return Ok(());
        }
        for result in (self.evaluate)(document, self.policy, &inputs)? {
            findings.extend(self.finding(result, &inputs));
        }
        Ok(())
    }

    /// Returns the result of a custom rule as a finding.
    fn finding(&self, result: CustomResult, inputs: &[CustomInput]) -> Option<Diagnostic> {
        let issue = if result.denies { CustomIssue::Denied } else { CustomIssue::Warned };
        let rule = self.rules.custom(issue)?;
        let origin = &self.document.origin.path;
        let place = match result.input.and_then(|at| inputs.get(at)) {
            Some(input) => place_in(input, result.pointer.as_deref().unwrap_or_default()),
            None => Location::of(origin),
        };
        let mut finding = Diagnostic::new(&rule.info, result.message).at(place);
        let place = rules_place(&self.document.origin);
        finding = finding
            .help(result.help.unwrap_or_else(|| format!("change the document, or read the rule in {place}")));
        let pack = pack_name(&self.document.origin);
        Some(finding.note(format!("reported by {} of {pack}", result.rule)))
    }

    /// Opens the documents of a file; one that cannot be read is reported.
    fn open(&self, path: &RepoPath, findings: &mut Vec<Diagnostic>) -> snapshot::Result<Vec<CustomInput>> {
        let Some(node) = self.head.find(path)? else { return Ok(Vec::new()) };
        let mut refuse = |message: String, text: &[u8], span: Range<usize>, help: Option<String>| {
            let problem = Problem { pointer: String::new(), span, message, help };
            findings.extend(self.violation(path, text, problem));
        };
        if !matches!(node.object.mode, Mode::File | Mode::Executable) {
            let message = format!("a pack checks this path, which is {}", node.object.mode.kind());
            refuse(message, b"", 0..0, None);
            return Ok(Vec::new());
        }
        let Some(format) = Format::of_path(path) else {
            let message = "a pack checks this file, which is not JSON, YAML, TOML or Markdown";
            refuse(message.into(), b"", 0..0, None);
            return Ok(Vec::new());
        };
        let text = match self.head.read(&node, tolerant::LIMITS.bytes as u64) {
            Err(snapshot::Error::TooLarge { size, limit, .. }) => {
                let message = format!("the document is {size} bytes long, and the limit is {limit}");
                refuse(message, b"", 0..0, None);
                return Ok(Vec::new());
            }
            other => other?,
        };
        match tolerant::read_each(format, &text, &tolerant::LIMITS) {
            Ok(values) => {
                let (count, text) = (values.len(), Rc::new(text));
                let input = |(position, value)| CustomInput {
                    path: path.clone(),
                    value,
                    data: None,
                    position: (count > 1).then_some(position),
                    text: Rc::clone(&text),
                };
                Ok(values.into_iter().enumerate().map(input).collect())
            }
            Err(error) => {
                refuse(error.message, &text, error.span, error.help);
                Ok(Vec::new())
            }
        }
    }

    /// Returns a violation of the pack's schema as a finding.
    fn violation(&self, path: &RepoPath, text: &[u8], problem: Problem) -> Option<Diagnostic> {
        let rule = self.rules.custom(CustomIssue::Schema)?;
        let place = if text.is_empty() {
            Location::of(path)
        } else {
            Location::at(path, text, problem.span).with_pointer(problem.pointer)
        };
        let pack = pack_name(&self.document.origin);
        let help =
            problem.help.unwrap_or_else(|| format!("change the document, or see what {pack} requires"));
        Some(Diagnostic::new(&rule.info, problem.message).at(place).help(help))
    }
}

pub(crate) fn lossy(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

/// A number that neither schemas nor rules can compare exactly: no result would be certain.
fn inexact(input: &CustomInput, problem: Problem) -> CheckError {
    let place = Location::at(&input.path, &input.text, problem.span).with_pointer(problem.pointer.clone());
    CheckError {
        message: format!("{} in {}: {}", problem.pointer, lossy(&input.path), problem.message),
        help: problem.help,
        location: Some(place),
    }
}

fn too_many(document: &PackDocument, count: usize) -> CheckError {
    let (pattern, origin) = (document.pattern.as_str(), &document.origin);
    CheckError {
        message: format!("{count} documents match {pattern}, and the limit is {MAX_DOCUMENTS}"),
        help: Some(format!("narrow the pattern: {}:{}", lossy(&origin.path), origin.line)),
        location: None,
    }
}

/// Returns the place that a rule points at: the value itself, or the nearest existing value around it.
pub(crate) fn place(path: &RepoPath, text: &[u8], document: &Value, pointer: &str) -> Location {
    let mut shown = pointer;
    while document.pointer(shown).is_none() {
        match shown.rfind('/') {
            Some(at) => shown = &shown[..at],
            None => return Location::of(path),
        }
    }
    match shown {
        "" => Location::of(path),
        _ => {
            let span = document.pointer(shown).map_or(0..0, |value| value.span.clone());
            Location::at(path, text, span).with_pointer(pointer)
        }
    }
}

/// Returns the place that a rule points at in an input.
fn place_in(input: &CustomInput, pointer: &str) -> Location {
    let mut place = place(&input.path, &input.text, &input.value, pointer);
    if place.pointer.is_some() {
        place.pointer = Some(input.pointer_in_file(pointer));
    }
    place
}
