//! The schemas of dialects, compiled once, and what they find in a manifest.

use std::collections::BTreeMap;

use artifact::{Kind, Problem, Value};
use policy::{Dialect, PackSchema, Policy, SchemaChoice, SchemaCondition, SchemaKey};
use schema::{Bundle, Schema, SchemaFiles};
use snapshot::{RepoPath, Result};

use crate::discovery::matches_document;
use crate::facts::Facts;
use crate::manifest::Manifest;

/// The compiled schemas of the dialects of a policy.
pub struct Schemas {
    compiled: BTreeMap<RepoPath, Schema>,
}

/// What the schemas of a dialect find in a manifest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The violations, in the order of the document.
    pub problems: Vec<Problem>,
    /// The schema that the manifest must match.
    pub schema: Option<RepoPath>,
    /// Whether no rule checks the manifest: it cannot be read, or has an unknown version.
    pub is_final: bool,
}

/// The schema of a manifest.
enum Chosen<'p> {
    Schema(&'p PackSchema),
    /// The dialect has none for it.
    Nothing,
    Unknown(Problem),
}

impl Schemas {
    /// Compiles the schemas of the dialects that a policy enables.
    ///
    /// # Errors
    /// When a schema is invalid: its path, and what is wrong.
    pub fn compile(policy: &Policy) -> std::result::Result<Schemas, (RepoPath, Problem)> {
        let mut compiled = BTreeMap::new();
        for schema in policy.dialects().flat_map(|dialect| dialect.schema.iter()).flat_map(SchemaChoice::all)
        {
            if !compiled.contains_key(&schema.path) {
                let one = compile(schema)?;
                compiled.insert(schema.path.clone(), one);
            }
        }
        Ok(Schemas { compiled })
    }

    /// Validates a manifest.
    ///
    /// # Errors
    /// When a fact that chooses the schema cannot be computed.
    pub fn check(&self, dialect: &Dialect, manifest: &Manifest, facts: &Facts<'_>) -> Result<Verdict> {
        let document = match &manifest.document {
            Ok(document) => document,
            Err(unreadable) => {
                let problems = vec![unreadable.problem.clone()];
                return Ok(Verdict { problems, schema: None, is_final: true });
            }
        };
        let Some(choice) = &dialect.schema else { return Ok(Verdict::default()) };
        Ok(match choose(choice, dialect, manifest, document, facts)? {
            Chosen::Nothing => Verdict::default(),
            Chosen::Unknown(problem) => Verdict { problems: vec![problem], schema: None, is_final: true },
            Chosen::Schema(schema) => {
                let compiled = self.compiled.get(&schema.path);
                let problems = compiled.map(|compiled| violations(compiled, document)).unwrap_or_default();
                Verdict { problems, schema: Some(schema.path.clone()), is_final: false }
            }
        })
    }
}

/// Compiles a schema with the files of its pack that it refers to; the error is the file at fault, and what is wrong.
fn compile(schema: &PackSchema) -> std::result::Result<Schema, (RepoPath, Problem)> {
    let inside = schema.path.as_bytes().strip_prefix(schema.pack.as_bytes()).unwrap_or_default();
    let inside = String::from_utf8_lossy(inside).trim_start_matches('/').to_string();
    let files = schema.files.iter().map(|(path, value)| (path.clone(), value.as_ref()));
    Bundle::new(&inside, &schema.value, &SchemaFiles::new("the pack's files", files))
        .and_then(|bundle| bundle.compile())
        .map_err(|found| (schema.pack.join(found.path.as_bytes()), found.problem))
}

/// Returns the violations. Most manifests have none, and finding that out costs less.
fn violations(schema: &Schema, document: &Value) -> Vec<Problem> {
    if schema.accepts(document) { Vec::new() } else { schema.check(document) }
}

fn choose<'p>(
    choice: &'p SchemaChoice,
    dialect: &Dialect,
    manifest: &Manifest,
    document: &Value,
    facts: &Facts<'_>,
) -> Result<Chosen<'p>> {
    match choice {
        SchemaChoice::One(schema) => Ok(Chosen::Schema(schema)),
        SchemaChoice::First(list) => {
            for (condition, inner) in list {
                if is_satisfied(condition.as_ref(), manifest, facts)? {
                    return choose(inner, dialect, manifest, document, facts);
                }
            }
            Ok(Chosen::Nothing)
        }
        SchemaChoice::By { key, versions } => {
            let value = match key {
                SchemaKey::Field(pointer) => document.pointer(pointer),
                SchemaKey::Setting(name) => dialect.settings.get(name),
            };
            let text = value.and_then(Value::source_text);
            let inner = match &text {
                None => versions.last(),
                Some(text) => versions.iter().find(|(known, _)| known == text),
            };
            match (inner, value) {
                (Some((_, inner)), _) => choose(inner, dialect, manifest, document, facts),
                (None, Some(value)) => Ok(Chosen::Unknown(unknown(key, versions, value))),
                (None, None) => Ok(Chosen::Nothing),
            }
        }
    }
}

fn is_satisfied(condition: Option<&SchemaCondition>, manifest: &Manifest, facts: &Facts<'_>) -> Result<bool> {
    match condition {
        None => Ok(true),
        Some(SchemaCondition::Manifest(condition)) => {
            Ok(matches_document(condition, manifest) && facts.matches_files_beside(condition)?)
        }
        Some(SchemaCondition::Fact(name)) => Ok(facts.value(name)?.is_some_and(|value| is_something(&value))),
    }
}

/// Returns whether a value is neither false nor null nor empty.
fn is_something(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Bool(false) => false,
        Kind::String(text) => !text.is_empty(),
        Kind::List(list) => !list.is_empty(),
        Kind::Map(map) => !map.is_empty(),
        Kind::Bool(true) | Kind::Integer(_) | Kind::Number(_) => true,
    }
}

fn unknown(key: &SchemaKey, versions: &[(String, SchemaChoice)], value: &Value) -> Problem {
    let known: Vec<&str> = versions.iter().map(|(version, _)| version.as_str()).collect();
    let (pointer, name) = match key {
        SchemaKey::Field(pointer) => (pointer.clone(), pointer.rsplit('/').next().unwrap_or_default()),
        SchemaKey::Setting(name) => (String::new(), name.as_str()),
    };
    let message = format!("unknown {name} {}; known: {}", value.show(), known.join(", "));
    Problem { pointer, span: value.span.clone(), message, help: None }
}
