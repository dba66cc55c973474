//! A plugin directory contains only expected files.

use artifact::Value;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Operation, Plugin, Rule, StateContext};
use memchr::memmem;
use snapshot::Result;

use crate::operation_files::operation_files;

const FOLDERS: [&str; 7] = ["src", "tests", "conformance", "schemas", "examples", "assets", "docs"];
const FILES: [&str; 21] = [
    ".gitignore",
    "plugin.spec.json",
    "manifest.json",
    "ledger_contract.json",
    "policy_snapshot.json",
    "README_PLUGIN.md",
    "healthcheck.md",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "NOTICE",
    "Cargo.toml",
    "Cargo.lock",
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "go.mod",
];
/// The ends of names that nobody meant to commit.
const JUNK: [&str; 7] = [".pyc", "__pycache__", ".DS_Store", "~", ".swp", ".orig", "node_modules"];

/// `STR006` unexpected-file.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNEXPECTED_FILE,
        summary: "a plugin directory contains only expected files",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        for inside in plugin.files.keys() {
            let top = inside.split(|&byte| byte == b'/').next().unwrap_or_default();
            let name = String::from_utf8_lossy(top);
            let is_folder = top.len() < inside.len();
            let known =
                if is_folder { FOLDERS.contains(&name.as_ref()) } else { FILES.contains(&name.as_ref()) };
            let junk = inside
                .split(|&byte| byte == b'/')
                .any(|part| JUNK.iter().any(|junk| part.ends_with(junk.as_bytes())));
            if !known || junk {
                findings.push(
                    Diagnostic::new(&RULE.info, "unexpected file in a plugin")
                        .at(Location::of(&plugin.path(inside)))
                        .help("remove it, or move it to src/, tests/, assets/ or docs/"),
                );
            }
        }
        // Without a readable list of operations, each file seems to belong to none.
        let spec = plugin.spec.as_ref().and_then(|spec| spec.value.as_ref().ok());
        if spec.and_then(|spec| spec.pointer("/operations")).and_then(Value::as_list).is_some() {
            report_foreign(plugin, &plugin.operations(), findings);
        }
    }
    Ok(())
}

/// Reports the examples, fixtures, schemas and features of operations that the spec does not have.
fn report_foreign(plugin: &Plugin, operations: &[Operation], findings: &mut Vec<Diagnostic>) {
    let mut report = |inside: &[u8], message: String| {
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(Location::of(&plugin.path(inside)))
                .help("remove it, or add the operation to the spec: id-plugin add-operation --help"),
        );
    };
    for file in operation_files(plugin, operations) {
        match file.operation.and_then(|at| operations.get(at)) {
            None => report(file.inside, "file of an operation that the spec does not have".into()),
            Some(operation) if file.side.schema_of(operation).is_empty() => {
                let (name, field, side) = (&operation.name, file.side.field(), file.side.name());
                report(file.inside, format!("{side} of the operation {name}, which has no {field}"));
            }
            Some(_) => {}
        }
    }
    for inside in plugin.files.keys() {
        if is_operation_schema(inside) && !is_used(plugin, operations, inside) {
            report(inside, "schema that no operation uses".into());
        }
        let feature =
            inside.strip_prefix(b"conformance/behavior/").and_then(|name| name.strip_suffix(b".feature"));
        if feature.is_some_and(|name| !name.contains(&b'/') && !names_operation(name, operations)) {
            report(inside, "feature of an operation that the spec does not have".into());
        }
    }
}

fn is_operation_schema(inside: &[u8]) -> bool {
    inside.starts_with(b"schemas/")
        && (inside.ends_with(b".in.schema.json") || inside.ends_with(b".out.schema.json"))
}

/// Returns whether the spec or another schema of the plugin refers to a schema.
fn is_used(plugin: &Plugin, operations: &[Operation], inside: &[u8]) -> bool {
    let name = inside.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    operations
        .iter()
        .any(|operation| operation.input.as_bytes() == inside || operation.output.as_bytes() == inside)
        || plugin
            .documents
            .iter()
            .filter(|(other, _)| *other != inside)
            .map(|(_, document)| document)
            .chain(&plugin.spec)
            .any(|document| memmem::find(&document.text, name).is_some())
}

/// Returns whether the words of an operation's name are in the name of a feature.
fn names_operation(name: &[u8], operations: &[Operation]) -> bool {
    let words = |name: &[u8]| -> Vec<Vec<u8>> {
        name.split(|byte| !byte.is_ascii_alphanumeric()).map(<[u8]>::to_ascii_lowercase).collect()
    };
    let name = words(name);
    operations.iter().any(|operation| {
        let wanted = words(operation.name.as_bytes());
        name.windows(wanted.len()).any(|window| window == wanted)
    })
}
