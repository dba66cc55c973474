//! New plugins: their text, and running their tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use artifact::{Limits, Syntax, Value, parse};
use schema::Schema;

use super::*;

const LANGUAGES: [Language; 3] = [Language::Python, Language::Rust, Language::TypeScript];
/// Ordinary names, reserved names, and names that the generated files use.
const OPERATIONS: [&str; 10] = [
    "mint",
    "import",
    "main",
    "operations",
    "contract",
    "handler",
    "json",
    "constructor",
    "list_2_all",
    "the_longest_name_that_a_schema_allows_operations",
];

/// A name with characters to escape: quotes, and a character that changes the text direction.
const NAME: &str = "Echo \"Test\" \u{202e}日本";

fn spec_text(name: &str, operations: &[&str]) -> String {
    let operations: Vec<serde_json::Value> = operations
        .iter()
        .map(|operation| {
            serde_json::json!({
                "name": operation,
                "summary": format!("Runs {operation}"),
                "input": format!("schemas/{operation}.in.schema.json"),
                "output": format!("schemas/{operation}.out.schema.json"),
            })
        })
        .collect();
    let spec = serde_json::json!({
        "schema_version": 1,
        "ulid": "01M7YBED2KRRDVNGWP6D8JSEST",
        "key": "PLG_ECHO_TEST",
        "name": name,
        "version": "1.2.3",
        "operations": operations,
    });
    spec.to_string()
}

fn read(text: &str) -> Value {
    parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap()
}

fn spec(operations: &[&str]) -> PluginSpec {
    PluginSpec::read(&read(&spec_text("Echo Test", operations))).unwrap()
}

fn text_of<'f>(files: &'f [File], path: &str) -> &'f str {
    &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is missing")).text
}

#[test]
fn every_placeholder_is_filled() {
    for language in LANGUAGES {
        let spec = spec(&OPERATIONS);
        let mut sections_wanted = Vec::new();
        for file in unfenced(language, &spec) {
            assert!(!file.path.contains("{{"), "{}", file.path);
            assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.path);
            for line in file.text.lines().filter(|line| line.contains("{{")) {
                let name = line.strip_prefix("{{section ").and_then(|rest| rest.strip_suffix("}}"));
                sections_wanted.push(name.unwrap_or_else(|| panic!("{}: {line}", file.path)).to_string());
            }
        }
        let sections = sections(language, &spec);
        let names: Vec<&str> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names, ["operations", "main"]);
        assert_eq!(sections_wanted, names);
        for section in sections {
            assert!(!section.text.contains("{{"), "{}", section.text);
            assert!(section.text.ends_with('\n') && !section.text.ends_with("\n\n"));
        }
    }
}

#[test]
fn placeholders_inside_values_are_not_filled() {
    assert_eq!(fill("{{a}} {{b}} {{c", &[("a", "{{b}}"), ("b", "1")]), "{{b}} 1 {{c");
}

#[test]
fn output_is_deterministic_and_paths_are_unique() {
    for language in LANGUAGES {
        let files = plugin(language, &spec(&OPERATIONS));
        assert_eq!(files, plugin(language, &spec(&OPERATIONS)));
        assert_eq!(sections(language, &spec(&OPERATIONS)), sections(language, &spec(&OPERATIONS)));
        let paths: BTreeSet<String> = files.iter().map(|file| file.path.to_lowercase()).collect();
        assert_eq!(paths.len(), files.len());
        assert!(files.is_sorted_by_key(|file| &file.path));
    }
}

#[test]
fn an_added_operation_gets_the_same_files_as_an_initial_one() {
    for language in LANGUAGES {
        let (before, after) = (spec(&["mint"]), spec(&["mint", "import"]));
        let added = &after.operations[1];
        let mut files = unfenced(language, &before);
        files.extend(operation(language, &after, added));
        for file in &mut files {
            if file.path == developer_file(language) {
                file.text += &function(language, added);
            } else if file.path == "conformance/perf/budgets.json" {
                file.text = with_budget(&file.text, added).unwrap();
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(files, unfenced(language, &after));
    }
}

#[test]
fn each_operation_has_its_function() {
    for (language, line) in [
        (Language::Python, "    \"import\": operations.import_,\n"),
        (Language::Rust, "    (\"import\", operations::import_),\n"),
        (Language::TypeScript, "  import: operations.import_,\n"),
    ] {
        let spec = spec(&OPERATIONS);
        assert!(sections(language, &spec)[0].text.contains(line));
        let developer = plugin(language, &spec);
        let developer = text_of(&developer, developer_file(language));
        for operation in OPERATIONS {
            let head = format!(" {}(request", function_name(operation));
            assert_eq!(developer.matches(&head).count(), 1, "{operation}");
        }
    }
}

#[test]
fn invalid_operation_names_do_not_become_code() {
    for language in LANGUAGES {
        let [operations, _] = &sections(language, &spec(&["mint", "a\": exit(),", "A"]))[..] else {
            panic!("two sections")
        };
        assert_eq!(operations.text, sections(language, &spec(&["mint"]))[0].text);
    }
}

#[test]
fn schemas_are_valid_and_examples_match_them() {
    for language in LANGUAGES {
        let spec = spec(&OPERATIONS);
        let files = plugin(language, &spec);
        for operation in &spec.operations {
            let name = &operation.name;
            let input = Schema::compile(&read(text_of(&files, &operation.input))).unwrap();
            let output = Schema::compile(&read(text_of(&files, &operation.output))).unwrap();
            let document = |path: String| read(text_of(&files, &path));
            assert_eq!(input.check(&document(format!("examples/{name}_request.json"))), []);
            assert_eq!(output.check(&document(format!("examples/{name}_response.json"))), []);
            let bad = document(format!("conformance/schemas/{name}_bad_request.json"));
            assert_ne!(input.check(&bad), []);
            assert!(files.iter().any(|file| file.path.starts_with(&format!("tests/test_{name}"))));
            text_of(&files, &format!("conformance/behavior/{name}.feature"));
        }
        let budgets = read(text_of(&files, "conformance/perf/budgets.json"));
        for operation in OPERATIONS {
            let budget = budgets.pointer(&format!("/{operation}/p95_ms"));
            assert_eq!(budget.and_then(Value::as_integer), Some(500));
        }
    }
}

#[test]
fn existing_budgets_are_kept() {
    let operation = Operation { name: "mint".into(), ..Operation::default() };
    let existing = "{ \"suggest\": { \"p95_ms\": 200 } }\n";
    let more = with_budget(existing, &operation).unwrap();
    assert_eq!(more, "{ \"suggest\": { \"p95_ms\": 200 },\n  \"mint\": { \"p95_ms\": 500 }\n}\n");
    assert_eq!(with_budget(&more, &operation), Some(more));
    assert_eq!(with_budget("[]", &operation), None);
}

#[test]
fn a_language_without_templates_has_only_documents() {
    let spec = spec(&["mint"]);
    for language in [Language::JavaScript, Language::Shell] {
        assert_eq!(plugin(language, &spec), []);
        assert_eq!(sections(language, &spec), []);
        assert_eq!(function(language, &spec.operations[0]), "");
        assert_eq!(developer_file(language), "");
        assert!(test_command(language).is_empty());
        assert_eq!(operation(language, &spec, &spec.operations[0]).len(), COMMON.len());
    }
}

/// A new plugin in a temporary directory, which is removed on drop.
struct OnDisk(PathBuf);

impl OnDisk {
    #[expect(clippy::disallowed_methods, reason = "a test writes a plugin to disk")]
    fn new(language: Language, name: &str, operations: &[&str]) -> OnDisk {
        let folder = format!("id-guard-scaffold-{language:?}-{}-{}", operations.len(), std::process::id());
        let root = std::env::temp_dir().join(folder);
        let spec_text = spec_text(name, operations);
        let spec = PluginSpec::read(&read(&spec_text)).unwrap();
        let mut files = plugin(language, &spec);
        let contract = serde_json::json!({
            "type": "object",
            "required": ["timestamp", "ulid", "status", "summary"],
            "properties": {
                "timestamp": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$"},
                "ulid": {"const": spec.ulid},
                "status": {"enum": ["ok", "failed"]},
                "summary": {"type": "string", "minLength": 1, "maxLength": 512},
                "version": {"const": spec.version},
                "operation": {"type": "string"},
                "duration_ms": {"type": "integer", "minimum": 0},
            },
            "additionalProperties": false,
        });
        files.push(File { path: "plugin.spec.json".into(), text: spec_text });
        files.push(File { path: "ledger_contract.json".into(), text: contract.to_string() });
        for file in files {
            let path = root.join(file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.text).unwrap();
        }
        OnDisk(root)
    }

    /// Runs the plugin's own tests.
    fn test(&self, language: Language) {
        let words = test_command(language);
        let mut command = command(words[0]);
        command.args(&words[1..]).current_dir(&self.0).env("CARGO_TARGET_DIR", self.0.join("target"));
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test runs the plugin")]
fn command(program: impl AsRef<Path>) -> Command {
    Command::new(program.as_ref())
}

/// Returns the version of a program as numbers; `None` if it is not installed.
fn version_of(program: &str) -> Option<Vec<u32>> {
    let output = command(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let digits = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    digits.trim_end().split('.').map(|part| part.parse().ok()).collect()
}

#[test]
fn a_new_plugin_in_python_passes_its_own_tests() {
    if version_of("python3").is_none() {
        println!("skipped: python3 is not installed");
        return;
    }
    let language = Language::Python;
    OnDisk::new(language, NAME, &OPERATIONS).test(language);
    OnDisk::new(language, "Echo Test", &[]).test(language);
}

#[test]
fn a_new_plugin_in_typescript_passes_its_own_tests() {
    // The first version that runs TypeScript without an option.
    if version_of("node").is_none_or(|version| version < vec![22, 18]) {
        println!("skipped: node 22.18 or later is not installed");
        return;
    }
    let language = Language::TypeScript;
    OnDisk::new(language, NAME, &OPERATIONS).test(language);
    OnDisk::new(language, "Echo Test", &[]).test(language);
}

#[test]
#[ignore = "fetches and compiles serde_json: cargo nextest run -p plugin-files --run-ignored only scaffold"]
fn a_new_plugin_in_rust_passes_its_own_tests() {
    let language = Language::Rust;
    OnDisk::new(language, NAME, &OPERATIONS).test(language);
    OnDisk::new(language, "Echo Test", &[]).test(language);
}
