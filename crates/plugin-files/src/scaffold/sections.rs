//! The AUTO sections of a handler, generated from the spec.
//!
//! Published plugins contain these sections, so their text can change only with a new version of every plugin.

use artifact::{Language, PluginSpec};

use super::fill::fill;
use super::languages::sources;
use super::names::{function_name, is_token, literal};

/// The content of an AUTO section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name in the markers.
    pub name: &'static str,
    /// Whole lines, each ending with `\n`.
    pub text: String,
}

/// Returns the AUTO sections of a plugin; none for a language without templates.
///
/// `operations` contains the identity of the plugin and the table of functions; `main` is the process. The imports of both are in the first,
/// where linters expect them. The others are library code: settings, the check of schemas, and the support of the tests.
#[must_use]
pub fn sections(language: Language, spec: &PluginSpec) -> Vec<Section> {
    let Some(sources) = sources(language) else { return Vec::new() };
    let constants: String = [("ULID", &spec.ulid), ("NAME", &spec.name), ("VERSION", &spec.version)]
        .map(|(name, text)| constant(language, name, &literal(language, text)))
        .concat();
    let values = [("constants", constants.as_str()), ("table", &table(language, spec))];
    let section = |(name, template): &(&'static str, &str)| Section { name, text: fill(template, &values) };
    sources.sections.iter().map(section).collect()
}

/// Returns a constant in the style of the language's formatter, which wraps long lines.
fn constant(language: Language, name: &str, literal: &str) -> String {
    let (head, end, width) = match language {
        Language::Rust => (format!("const {name}: &str ="), ";", 100),
        Language::TypeScript | Language::JavaScript => (format!("const {name} ="), ";", 80),
        _ => (format!("{name} ="), "", 88),
    };
    let line = format!("{head} {literal}{end}\n");
    let is_long = line.chars().count() > width + 1;
    // If it is still too long on its own line, these two formatters do not wrap it.
    let fits = 4 + literal.chars().count() + end.len() <= width;
    match language {
        Language::Python if is_long && fits => format!("{head} (\n    {literal}\n)\n"),
        Language::Rust if is_long && fits => format!("{head}\n    {literal}{end}\n"),
        Language::TypeScript | Language::JavaScript if is_long => format!("{head}\n  {literal}{end}\n"),
        _ => line,
    }
}

/// Returns the table from operation names to functions.
fn table(language: Language, spec: &PluginSpec) -> String {
    // The schema refuses other names; here they would become code.
    let names = spec.operations.iter().map(|operation| operation.name.as_str()).filter(|name| is_token(name));
    let lines: String = names
        .map(|name| {
            let function = function_name(name);
            match language {
                Language::Rust => {
                    let line = format!("    (\"{name}\", operations::{function}),\n");
                    let wrapped =
                        || format!("    (\n        \"{name}\",\n        operations::{function},\n    ),\n");
                    if line.len() > 101 { wrapped() } else { line }
                }
                Language::TypeScript | Language::JavaScript => {
                    let line = format!("  {name}: operations.{function},\n");
                    let wrapped = || format!("  {name}:\n    operations.{function},\n");
                    if line.len() > 81 { wrapped() } else { line }
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
