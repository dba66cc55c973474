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
mod names;
mod sections;

#[cfg(test)]
mod tests;

use artifact::{Language, Operation, PluginSpec};

use crate::fence;
use fill::fill;
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

/// The templates of a language.
struct Sources {
    /// The files that exist once per plugin, with their paths.
    once: &'static [(&'static str, &'static str)],
    /// The developer's file: path and initial content.
    developer: (&'static str, &'static str),
    /// The initial function of an operation.
    function: &'static str,
    /// The test of an operation, and its file extension.
    test: (&'static str, &'static str),
    /// The command that runs the tests, in the plugin directory.
    test_command: &'static [&'static str],
}

const PYTHON: Sources = Sources {
    once: &[
        (".gitignore", template!("python/gitignore.txt")),
        ("src/handler.py", template!("python/handler.py")),
        ("tests/support.py", template!("python/support.py")),
        ("tests/test_contract.py", template!("python/test_contract.py")),
    ],
    developer: ("src/operations.py", template!("python/operations.py")),
    function: template!("python/function.txt"),
    test: (template!("python/test_operation.py"), "py"),
    test_command: &["python3", "-m", "unittest", "discover", "-s", "tests", "-p", "test_*.py"],
};

const RUST: Sources = Sources {
    once: &[
        (".gitignore", template!("rust/gitignore.txt")),
        ("Cargo.toml", template!("rust/Cargo.toml.txt")),
        ("src/main.rs", template!("rust/main.rs")),
        ("tests/support/mod.rs", template!("rust/support.rs")),
        ("tests/test_contract.rs", template!("rust/test_contract.rs")),
    ],
    developer: ("src/operations.rs", template!("rust/operations.rs")),
    function: template!("rust/function.txt"),
    test: (template!("rust/test_operation.rs"), "rs"),
    test_command: &["cargo", "test", "--quiet"],
};

const TYPESCRIPT: Sources = Sources {
    once: &[
        (".gitignore", template!("typescript/gitignore.txt")),
        ("package.json", template!("typescript/package.json")),
        ("tsconfig.json", template!("typescript/tsconfig.json")),
        ("src/handler.ts", template!("typescript/handler.ts")),
        ("tests/support.ts", template!("typescript/support.ts")),
        ("tests/test_contract.ts", template!("typescript/test_contract.ts")),
    ],
    developer: ("src/operations.ts", template!("typescript/operations.ts")),
    function: template!("typescript/function.txt"),
    test: (template!("typescript/test_operation.ts"), "ts"),
    // node treats a directory as a module, so the tests are given as a pattern.
    test_command: &["node", "--test", "tests/test_*.ts"],
};

/// The files of an operation, in every language.
const COMMON: [(&str, &str); 6] = [
    ("schemas/{{op}}.in.schema.json", template!("common/in.schema.json")),
    ("schemas/{{op}}.out.schema.json", template!("common/out.schema.json")),
    ("examples/{{op}}_request.json", template!("common/example.json")),
    ("examples/{{op}}_response.json", template!("common/example.json")),
    ("conformance/behavior/{{op}}.feature", template!("common/behavior.feature")),
    ("conformance/schemas/{{op}}_bad_request.json", template!("common/bad_request.json")),
];

fn sources(language: Language) -> Option<&'static Sources> {
    match language {
        Language::Python => Some(&PYTHON),
        Language::Rust => Some(&RUST),
        Language::TypeScript => Some(&TYPESCRIPT),
        Language::JavaScript | Language::Shell => None,
    }
}

/// Returns the files of a new plugin, including those of its operations, sorted by path. The developer owns them afterwards.
///
/// The list is empty for a language without templates (JavaScript, shell).
#[must_use]
pub fn plugin(language: Language, spec: &PluginSpec) -> Vec<File> {
    let comment = if language == Language::Python { "#" } else { "//" };
    let sections = sections(language, spec);
    let fenced = |file: File| File {
        text: sections.iter().fold(file.text, |text, Section { name, text: inside }| {
            text.replace(&format!("{{{{section {name}}}}}\n"), &fence::write(comment, name, inside))
        }),
        path: file.path,
    };
    unfenced(language, spec).into_iter().map(fenced).collect()
}

/// Returns the same files with placeholder lines instead of AUTO sections.
fn unfenced(language: Language, spec: &PluginSpec) -> Vec<File> {
    let Some(sources) = sources(language) else { return Vec::new() };
    let package = spec.key.to_lowercase().replace('_', "-");
    let values = [("key", spec.key.as_str()), ("package", &package)];
    let file = |path: &str, text: String| File { path: path.into(), text };
    let mut files: Vec<File> =
        sources.once.iter().map(|(path, template)| file(path, fill(template, &values))).collect();
    let (path, template) = sources.developer;
    let mut developer = fill(template, &values);
    let mut budgets = String::from("{}\n");
    for each in &spec.operations {
        developer += &function(language, each);
        budgets = with_budget(&budgets, each).unwrap_or(budgets);
        files.extend(operation(language, spec, each));
    }
    files.extend([file(path, developer), file("conformance/perf/budgets.json", budgets)]);
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
