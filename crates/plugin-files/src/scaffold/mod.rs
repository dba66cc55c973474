//! The source files that a new plugin starts with, and the AUTO sections of its handler.
//!
//! Everything is a pure function of the spec and of the templates in `templates/`. In a template, the line `{{section NAME}}` marks the position of an
//! AUTO section. The developer's functions are in a separate file, so that the name of an operation cannot collide with a name in the handler.

/// Includes a template.
macro_rules! template {
    ($path:literal) => {
        include_str!(concat!("templates/", $path))
    };
}

mod fill;
mod languages;
mod names;
mod sections;

#[cfg(test)]
mod tests;

use artifact::{Language, Operation, PluginSpec};

use crate::fence;
use fill::fill;
pub use languages::Coverage;
use languages::sources;
pub use names::function_name;
pub use sections::{Section, sections};

/// A file of a new plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path in the plugin directory.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The files of an operation, in every language.
const COMMON: [(&str, &str); 6] = [
    ("schemas/{{op}}.in.schema.json", template!("common/in.schema.json")),
    ("schemas/{{op}}.out.schema.json", template!("common/out.schema.json")),
    ("examples/{{op}}_request.json", template!("common/example.json")),
    ("examples/{{op}}_response.json", template!("common/example.json")),
    ("conformance/behavior/{{op}}.feature", template!("common/behavior.feature")),
    ("conformance/schemas/{{op}}_bad_request.json", template!("common/bad_request.json")),
];

/// Returns the files of a new plugin, including those of its operations, sorted by path. The developer owns them afterwards.
///
/// The list is empty for a language without templates (shell).
#[must_use]
pub fn plugin(language: Language, spec: &PluginSpec) -> Vec<File> {
    fenced(language, spec, unfenced(language, spec))
}

/// Returns the files that the AUTO section `main` needs and that belong to the tool, sorted by path.
#[must_use]
pub fn library(language: Language, spec: &PluginSpec) -> Vec<File> {
    some(language, spec, sources(language).map_or(&[], |sources| sources.library))
}

/// Returns the files that the test of an operation needs, sorted by path.
#[must_use]
pub fn test_support(language: Language, spec: &PluginSpec) -> Vec<File> {
    some(language, spec, sources(language).map_or(&[], |sources| sources.test_support))
}

/// Returns the initial file of the developer's functions, without any function.
#[must_use]
pub fn developer(language: Language, spec: &PluginSpec) -> Option<File> {
    let (path, template) = sources(language)?.developer;
    Some(File { path: path.into(), text: fill(template, &[("key", spec.key.as_str())]) })
}

/// Returns some of the files that exist once per plugin.
fn some(language: Language, spec: &PluginSpec, wanted: &[&str]) -> Vec<File> {
    let files = once(language, spec).into_iter();
    fenced(language, spec, files.filter(|file| wanted.contains(&file.path.as_str())).collect())
}

/// Replaces the placeholder lines of AUTO sections.
fn fenced(language: Language, spec: &PluginSpec, files: Vec<File>) -> Vec<File> {
    let comment = if language == Language::Python { "#" } else { "//" };
    let sections = sections(language, spec);
    let fill = |file: File| File {
        text: sections.iter().fold(file.text, |text, Section { name, text: inside }| {
            text.replace(&format!("{{{{section {name}}}}}\n"), &fence::write(comment, name, inside))
        }),
        path: file.path,
    };
    files.into_iter().map(fill).collect()
}

/// Returns the files that exist once per plugin, with placeholder lines instead of AUTO sections.
fn once(language: Language, spec: &PluginSpec) -> Vec<File> {
    let package = spec.key.to_lowercase().replace('_', "-");
    let values = [("key", spec.key.as_str()), ("package", &package)];
    let once = sources(language).map_or(&[][..], |sources| sources.once);
    once.iter().map(|(path, template)| File { path: (*path).into(), text: fill(template, &values) }).collect()
}

/// Returns the same files with placeholder lines instead of AUTO sections.
fn unfenced(language: Language, spec: &PluginSpec) -> Vec<File> {
    let Some(mut developer) = developer(language, spec) else { return Vec::new() };
    let mut files = once(language, spec);
    let mut budgets = String::from("{}\n");
    for each in &spec.operations {
        developer.text += &function(language, each);
        budgets = with_budget(&budgets, each).unwrap_or(budgets);
        files.extend(operation(language, spec, each));
    }
    files.extend([developer, File { path: "conformance/perf/budgets.json".into(), text: budgets }]);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Returns the files of an operation: schemas, examples, a test, a scenario and an invalid request, sorted by path.
///
/// A language without templates gets no test.
#[must_use]
pub fn operation(language: Language, spec: &PluginSpec, operation: &Operation) -> Vec<File> {
    let function = function_name(&operation.name);
    let values =
        [("key", spec.key.as_str()), ("op", operation.name.as_str()), ("function", function.as_str())];
    let mut files: Vec<File> = COMMON
        .iter()
        .map(|(path, template)| File { path: fill(path, &values), text: fill(template, &values) })
        .collect();
    if let Some(sources) = sources(language) {
        let (template, ending) = sources.test;
        // `test_contract` is the test of the whole process.
        let name = if operation.name == "contract" { "contract_" } else { operation.name.as_str() };
        files.push(File { path: format!("tests/test_{name}.{ending}"), text: fill(template, &values) });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Returns the test of an operation in Rust that starts the program, for a package that was written by hand: its names are its own.
#[must_use]
pub fn program_test(operation: &Operation) -> String {
    fill(template!("rust/test_program.rs"), &[("op", operation.name.as_str())])
}

/// Returns the test of an operation as a shell script that starts the program, for a language without templates; `None` if no local command starts it.
#[must_use]
pub fn shell_test(spec: &PluginSpec, operation: &Operation) -> Option<File> {
    let words: Vec<String> = spec.launch()?.iter().map(artifact::shell::word).collect();
    let values = [("op", operation.name.as_str()), ("command", &words.join(" "))];
    let text = fill(template!("shell/test_program.sh"), &values);
    Some(File { path: format!("tests/test_{}.sh", operation.name), text })
}

/// Returns the initial function of an operation with the empty lines before it, to be appended to [`developer_file`].
///
/// It is empty for a language without templates.
#[must_use]
pub fn function(language: Language, operation: &Operation) -> String {
    let Some(sources) = sources(language) else { return String::new() };
    let function = function_name(&operation.name);
    let summary = names::summary(language, operation);
    fill(sources.function, &[("function", function.as_str()), ("summary", summary.as_str())])
}

/// Returns the path of the file with the functions of operations; empty for a language without templates.
#[must_use]
pub fn developer_file(language: Language) -> &'static str {
    sources(language).map_or("", |sources| sources.developer.0)
}

/// Returns the path of the program of a new plugin; empty for a language without templates.
#[must_use]
pub fn entry(language: Language) -> &'static str {
    sources(language).map_or("", |sources| sources.entry)
}

/// Returns how the coverage of the tests is measured; `None` for a language without templates.
#[must_use]
pub fn coverage(language: Language) -> Option<Coverage> {
    sources(language).map(|sources| sources.coverage)
}

/// Returns the command that runs the tests in the plugin directory; empty for a language without templates.
#[must_use]
pub fn test_command(language: Language) -> Vec<&'static str> {
    sources(language).map_or_else(Vec::new, |sources| sources.test_command.to_vec())
}

/// Adds an operation to the text of `conformance/perf/budgets.json`, unless it is present; `None` if the text is not a JSON object.
#[must_use]
pub fn with_budget(budgets: &str, operation: &Operation) -> Option<String> {
    let known: serde_json::Map<String, serde_json::Value> = serde_json::from_str(budgets).ok()?;
    if known.contains_key(&operation.name) {
        return Some(budgets.into());
    }
    let head = budgets.trim_end().strip_suffix('}')?.trim_end();
    let comma = if known.is_empty() { "" } else { "," };
    Some(format!("{head}{comma}\n  \"{}\": {{ \"p95_ms\": 500 }}\n}}\n", operation.name))
}
