//! New plugins: their text, and running their tests.

use std::collections::BTreeSet;

use artifact::{Limits, Syntax, Value, parse};
use schema::Schema;

use super::*;

const LANGUAGES: [Language; 4] =
    [Language::Python, Language::Rust, Language::TypeScript, Language::JavaScript];
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
        let mut names: Vec<&str> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names[..2], ["operations", "main"]);
        names.sort_unstable();
        sections_wanted.sort_unstable();
        assert_eq!(sections_wanted, names, "each section has one place");
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
        (Language::JavaScript, "  import: operations.import_,\n"),
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
        let operations = &sections(language, &spec(&["mint", "a\": exit(),", "A"]))[0];
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
    let language = Language::Shell;
    assert_eq!(plugin(language, &spec), []);
    assert_eq!(sections(language, &spec), []);
    assert_eq!(function(language, &spec.operations[0]), "");
    assert_eq!(developer_file(language), "");
    assert!(test_command(language).is_empty() && coverage(language).is_none());
    assert_eq!(operation(language, &spec, &spec.operations[0]).len(), COMMON.len());
}

#[test]
fn library_code_is_fenced() {
    for language in LANGUAGES {
        let spec = spec(&["mint"]);
        let files = plugin(language, &spec);
        let both = [library(language, &spec), test_support(language, &spec)].concat();
        for file in both {
            assert_eq!(text_of(&files, &file.path), file.text);
            assert!(fence::is_in(file.text.as_bytes()), "{}", file.path);
        }
        let is_generic = |file: &&File| {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            ["support", "settings", "schema_check", "test_contract", "runner", "start"]
                .iter()
                .any(|stem| name.starts_with(&format!("{stem}.")) || file.path.contains("support/"))
        };
        let generic: Vec<&File> = files.iter().filter(is_generic).collect();
        assert!(generic.len() >= 4, "{generic:?}");
        for file in generic {
            let sections = fence::find(file.text.as_bytes()).unwrap();
            assert_eq!(sections.len(), 1, "{}", file.path);
            let inside = &file.text[sections[0].inside.clone()];
            let outside: String = file.text.replace(inside, "");
            assert!(outside.lines().count() <= 10, "{}: {outside}", file.path);
        }
    }
}

#[test]
fn output_of_tools_is_ignored() {
    for language in LANGUAGES {
        let files = plugin(language, &spec(&["mint"]));
        let ignored: Vec<&str> = text_of(&files, ".gitignore").lines().collect();
        for output in [
            ".coverage",
            "coverage.xml",
            "htmlcov/",
            "__pycache__/",
            ".pytest_cache/",
            "node_modules/",
            "/coverage/",
            "/dist/",
            "/target/",
            coverage(language).unwrap().report,
        ] {
            assert!(ignored.contains(&output), "{output}");
        }
    }
}

#[test]
fn types_that_the_compiler_needs_are_dependencies() {
    let files = plugin(Language::TypeScript, &spec(&["mint"]));
    let settings = read(text_of(&files, "tsconfig.json"));
    let package = read(text_of(&files, "package.json"));
    let lock = read(text_of(&files, "package-lock.json"));
    let types = settings.pointer("/compilerOptions/types").and_then(Value::as_list).unwrap();
    let names: Vec<String> = types.iter().map(|name| format!("@types/{}", name.as_str().unwrap())).collect();
    let needed = package.pointer("/devDependencies").and_then(Value::as_map).unwrap();
    for name in names.iter().map(String::as_str).chain(["typescript"]) {
        let range = needed.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        let root = lock.pointer("/packages").and_then(|packages| packages.get("")).unwrap();
        let locked = root.pointer("/devDependencies").and_then(|map| map.get(name));
        assert_eq!(locked.and_then(Value::as_str), range.as_str(), "{name}");
        assert!(
            lock.pointer("/packages")
                .and_then(|packages| packages.get(&format!("node_modules/{name}")))
                .is_some()
        );
    }
}

#[test]
fn lock_files_are_of_the_same_package() {
    let spec = spec(&["mint"]);
    let rust = plugin(Language::Rust, &spec);
    let (manifest, lock) = (text_of(&rust, "Cargo.toml"), text_of(&rust, "Cargo.lock"));
    assert!(manifest.contains("name = \"plg-echo-test\"") && lock.contains("name = \"plg-echo-test\""));
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    assert!(names.is_sorted(), "cargo writes packages in order: {names:?}");
    let own = lock.split("\n\n").find(|package| package.contains("plg-echo-test")).unwrap();
    // Nothing but the packages that this repository builds with: a machine that builds it also builds a new plugin, and `cargo deny` checks them.
    let ours = include_str!("../../../../Cargo.lock");
    for package in lock.split("\n\n").skip(1).filter(|package| !package.contains("plg-echo-test")) {
        let head: Vec<&str> = package.lines().take_while(|line| *line != "dependencies = [").collect();
        assert!(ours.contains(&head.join("\n")), "{package}");
    }
    let dependencies = manifest.split_once("[dependencies]\n").unwrap().1;
    for name in dependencies.lines().map_while(|line| Some(line.split_once(" = ")?.0)) {
        assert!(own.contains(&format!(" \"{name}\",")), "{name}: {own}");
    }
    for language in [Language::TypeScript, Language::JavaScript] {
        let files = plugin(language, &spec);
        for path in ["package.json", "package-lock.json"] {
            let value = read(text_of(&files, path));
            assert_eq!(value.pointer("/name").and_then(Value::as_str), Some("plg-echo-test"), "{path}");
        }
    }
}

mod agreement;
mod running;
