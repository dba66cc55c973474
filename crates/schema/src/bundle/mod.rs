//! One schema of several files: a schema, and the files of its folder that it refers to, as one without such references.
//!
//! Every reference becomes a JSON pointer into the bundle, so that the cost of a schema, its evaluation and its
//! comparison see the same targets. Nothing is read from a disk or the network.

mod assemble;
mod files;
mod index;
mod uri;
mod walk;

use artifact::{Kind, Map, Problem, Value};
use jsonschema::Draft;

pub use files::SchemaFiles;
pub use uri::decode;

use self::walk::REFERENCES;
use crate::draft;

/// The files that one schema may refer to, directly and through others, itself included.
const MAX_BUNDLE_FILES: usize = 64;
/// The size of these files: compiling takes about a second.
const MAX_BUNDLE_BYTES: usize = 1 << 20;

/// A problem of a schema, in one of the files that it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The path of the file in its folder.
    pub path: String,
    /// The problem; its span and pointer are those of that file.
    pub problem: Problem,
}

/// A schema without references to other files.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The schema; the spans of its first file are unchanged.
    pub schema: Value,
    /// Its files, the first of which is the schema itself.
    parts: Vec<BundledFile>,
}

/// A file of a bundle.
#[derive(Debug, Clone)]
struct BundledFile {
    path: String,
    /// The place of the file in the bundle, a JSON pointer.
    prefix: String,
    /// How far its spans are shifted.
    offset: usize,
}

impl Bundle {
    /// Bundles a schema with the files that it refers to. `path` is its place in the folder.
    ///
    /// # Errors
    /// When a reference has no target among the files, or the bundle exceeds a limit.
    pub fn new(path: &str, schema: &Value, files: &SchemaFiles<'_>) -> Result<Bundle, FileProblem> {
        if !refers_to_files(schema) {
            let part = BundledFile { path: path.into(), prefix: String::new(), offset: 0 };
            return Ok(Bundle { schema: schema.clone(), parts: vec![part] });
        }
        assemble::assemble(path, schema, files)
    }

    /// Returns a problem of the bundled schema as one of the file that contains it.
    pub(crate) fn problem_in_file(&self, problem: Problem) -> FileProblem {
        let (part, pointer) = self.part_of(&problem.pointer);
        let (length, start) = (problem.span.len(), problem.span.start.saturating_sub(part.offset));
        let problem = Problem { pointer, span: start..start + length, ..problem };
        FileProblem { path: part.path.clone(), problem }
    }

    /// Returns the file that contains a value of the bundle, and the pointer of the value in that file.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> (&str, String) {
        let (part, pointer) = self.part_of(pointer);
        (&part.path, pointer)
    }

    /// Returns the paths of its files, the schema itself first.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.path.as_str())
    }

    fn part_of(&self, pointer: &str) -> (&BundledFile, String) {
        let inside = |part: &BundledFile| {
            let rest = pointer.strip_prefix(part.prefix.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_string())
        };
        let others = self.parts.iter().skip(1).find_map(|part| Some((part, inside(part)?)));
        others.unwrap_or_else(|| (&self.parts[0], pointer.to_string()))
    }
}

/// Returns whether a schema may refer to other files: without such a reference, its folder need not be read.
#[must_use]
pub fn refers_to_files(schema: &Value) -> bool {
    let own_name = if draft::of(schema) == Ok(Draft::Draft4) { "id" } else { "$id" };
    let root = schema.as_map().into_iter().flat_map(Map::entries).filter(|entry| entry.key.name != own_name);
    !root
        .map(|entry| (entry.key.name.as_str(), &entry.value))
        .all(|(name, value)| is_inside(name, value, own_name))
}

/// Returns whether every reference in the value of a keyword is inside the schema, and relative to its root.
fn is_inside(keyword: &str, value: &Value, own_name: &str) -> bool {
    match &value.kind {
        Kind::String(text) if REFERENCES.contains(&keyword) => text.starts_with('#'),
        Kind::String(_) => keyword != own_name,
        Kind::List(list) => list.iter().all(|value| is_inside("", value, own_name)),
        Kind::Map(map) => map.entries().all(|entry| is_inside(&entry.key.name, &entry.value, own_name)),
        _ => true,
    }
}
