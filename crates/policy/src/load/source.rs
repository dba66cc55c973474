//! Reads policy files and reports their problems.

use artifact::{Fields, Limits, Problem, Syntax, Value, parse};
use diagnostic::{CheckError, Location};
use snapshot::{Mode, Node, RepoPath, Snapshot};

use crate::error::Error;
use crate::origin::Origin;

/// The size of a policy file.
pub(super) const MAX_POLICY_FILE_BYTES: u64 = 1 << 20;

pub(super) fn read(snapshot: &dyn Snapshot, path: &str) -> Result<Option<Vec<u8>>, Error> {
    read_within(snapshot, path, MAX_POLICY_FILE_BYTES)
}

/// Reads a policy file of a limited size.
pub(super) fn read_within(snapshot: &dyn Snapshot, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    let path = RepoPath::from(path);
    let failed = |source| Error::Read { what: "policy", path: path.clone(), source };
    match find(snapshot, &path)? {
        None => Ok(None),
        Some(node) if node.object.mode.kind() == snapshot::Kind::File => {
            snapshot.read(&node, limit).map(Some).map_err(failed)
        }
        Some(node) => Err(CheckError {
            message: format!("the policy is {}, not a regular file", node.object.mode.kind()),
            help: Some("replace it by a regular file on the base branch".into()),
            location: Some(Location::of(&path)),
        }
        .into()),
    }
}

/// Finds an entry of the policy; a link or file in place of a directory above it is an error, never a missing entry.
pub(super) fn find(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<Option<Node>, Error> {
    for directory in path.parent().prefixes().map(RepoPath::new) {
        let failed = |source| Error::Read { what: "policy", path: directory.clone(), source };
        match snapshot.find(&directory).map_err(failed)? {
            None => return Ok(None),
            Some(node) if node.object.mode == Mode::Directory => {}
            Some(node) => {
                let kind = node.object.mode.kind();
                let message = format!("this is {kind}, so that the policy below it cannot be read");
                return Err(CheckError {
                    message,
                    help: Some("replace it by a directory that contains the policy files".into()),
                    location: Some(Location::of(&directory)),
                }
                .into());
            }
        }
    }
    snapshot.find(path).map_err(|source| Error::Read { what: "policy", path: path.clone(), source })
}

/// The path and the content of a policy file.
pub(super) struct Source<'s> {
    pub(super) path: RepoPath,
    pub(super) text: &'s [u8],
    pub(super) embedded: bool,
}

impl Source<'_> {
    pub(super) fn check_error(&self, problem: Problem) -> CheckError {
        let location = Location::at(&self.path, self.text, problem.span).with_pointer(problem.pointer);
        CheckError { message: problem.message, help: problem.help, location: Some(location) }
    }

    pub(super) fn parse(&self) -> Result<Value, Error> {
        parse(Syntax::Yaml, self.text, &Limits::default()).map_err(|error| {
            Error::from(CheckError {
                message: error.message,
                help: error.help,
                location: Some(Location::at(&self.path, self.text, error.span)),
            })
        })
    }

    pub(super) fn origin(&self, value: &Value) -> Origin {
        self.origin_at(value.span.start)
    }

    /// Returns the place of a byte of the file, with the line that contains it.
    pub(super) fn origin_at(&self, at: usize) -> Origin {
        let line = self.text[..at].iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
        let whole = String::from_utf8_lossy(&self.text[diagnostic::line_of(self.text, at)]).into_owned();
        let column = whole.chars().take_while(|character| character.is_whitespace()).count() as u32 + 1;
        let text = whole.trim().chars().take(Origin::MAX_TEXT_CHARS).collect();
        Origin { path: self.path.clone(), line, embedded: self.embedded, column, text }
    }
}

pub(super) fn refuse(source: &Source<'_>, problems: Vec<Problem>) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::Invalid(problems.into_iter().map(|problem| source.check_error(problem)).collect()))
}

pub(super) fn problem(pointer: &str, value: &Value, message: &str) -> Problem {
    Problem { pointer: pointer.into(), span: value.span.clone(), message: message.into(), help: None }
}

pub(super) fn nearest(name: &str, known: &[&str]) -> String {
    let best = known.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min();
    match best {
        Some((distance, known)) if distance <= 3 => format!("; did you mean `{known}`?"),
        _ => String::new(),
    }
}

pub(super) fn schema_version(fields: &mut Fields<'_, '_>) {
    if let Some(value) = fields.required("schema_version")
        && value.as_integer() != Some(1)
    {
        fields.problem("schema_version", value.span.clone(), "expected schema_version 1", None);
    }
}
