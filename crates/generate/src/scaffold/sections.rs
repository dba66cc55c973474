//! The AUTO sections of a handler: what the tool writes between the fences, from the spec.

use artifact::{Language, PluginSpec};

use super::fill::fill;
use super::words::{function_name, is_token, literal};

/// The text between two fences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name in the fences.
    pub name: &'static str,
    /// Whole lines, each ending with `\n`.
    pub text: String,
}

/// Makes the sections of a handler; none for a language without templates.
///
/// `operations` says who the plugin is and which function answers what; `main` is the process. What both need is imported in the first,
/// where linters want it.
#[must_use]
pub fn sections(language: Language, spec: &PluginSpec) -> Vec<Section> {
    let (operations, main) = match language {
        Language::Python => (template!("python/operations.section"), template!("python/main.section")),
        Language::Rust => (template!("rust/operations.section"), template!("rust/main.section")),
        Language::TypeScript => {
            (template!("typescript/operations.section"), template!("typescript/main.section"))
        }
        Language::JavaScript | Language::Shell => return Vec::new(),
    };
    let constants: String = [("ULID", &spec.ulid), ("NAME", &spec.name), ("VERSION", &spec.version)]
        .map(|(name, text)| constant(language, name, &literal(language, text)))
        .concat();
    let operations = fill(operations, &[("constants", &constants), ("table", &table(language, spec))]);
    vec![Section { name: "operations", text: operations }, Section { name: "main", text: main.into() }]
}

/// Writes a constant as the language's formatter does, which parts a line that is too long.
fn constant(language: Language, name: &str, literal: &str) -> String {
    let (head, end, width) = match language {
        Language::Rust => (format!("const {name}: &str ="), ";", 100),
        Language::TypeScript => (format!("const {name} ="), ";", 80),
        _ => (format!("{name} ="), "", 88),
    };
    let line = format!("{head} {literal}{end}\n");
    let is_long = line.chars().count() > width + 1;
    // Where a line of its own is still too short, these two leave it as it is.
    let fits = 4 + literal.chars().count() + end.len() <= width;
    match language {
        Language::Python if is_long && fits => format!("{head} (\n    {literal}\n)\n"),
        Language::Rust if is_long && fits => format!("{head}\n    {literal}{end}\n"),
        Language::TypeScript if is_long => format!("{head}\n  {literal}{end}\n"),
        _ => line,
    }
}

/// Writes what leads from each operation to its function.
fn table(language: Language, spec: &PluginSpec) -> String {
    // What is no token is the schema's to refuse; here it would be code.
    let names = spec.operations.iter().map(|operation| operation.name.as_str()).filter(|name| is_token(name));
    let lines: String = names
        .map(|name| {
            let function = function_name(name);
            match language {
                Language::Rust => {
                    let line = format!("    (\"{name}\", operations::{function}),\n");
                    let parted =
                        || format!("    (\n        \"{name}\",\n        operations::{function},\n    ),\n");
                    if line.len() > 101 { parted() } else { line }
                }
                Language::TypeScript => {
                    let line = format!("  {name}: operations.{function},\n");
                    let parted = || format!("  {name}:\n    operations.{function},\n");
                    if line.len() > 81 { parted() } else { line }
                }
                _ => format!("    \"{name}\": operations.{function},\n"),
            }
        })
        .collect();
    match language {
        Language::Rust => lines,
        _ if lines.is_empty() => "{}".into(),
        _ => format!("{{\n{lines}}}"),
    }
}
