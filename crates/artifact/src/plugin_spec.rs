//! The plugin spec: the current state of a plugin, and the only source of its derived files.

use crate::{Map, Value};

/// A plugin spec, as the generators read it. Its schema decides whether it is valid; a field that cannot be read is empty here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PluginSpec {
    /// The identity.
    pub ulid: String,
    /// The current key.
    pub key: String,
    /// The display name.
    pub name: String,
    /// The version (SemVer 2.0.0).
    pub version: String,
    /// `active`, `deprecated`, `retired` or `consolidated`.
    pub status: String,
    /// The owner.
    pub owner: String,
    /// The purpose.
    pub description: String,
    /// The licence, an SPDX expression.
    pub license: Option<String>,
    /// The core interface that it implements.
    pub core: Core,
    /// How it runs.
    pub runtime: Runtime,
    /// The operations, in the order of the spec.
    pub operations: Vec<Operation>,
    /// The keys and version ranges of its dependencies.
    pub dependencies: Vec<(String, String)>,
    /// The document, for fields that are read by pointer.
    pub value: Option<Value>,
}

/// The core interface that a plugin implements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Core {
    /// The interface's name.
    pub api: String,
    /// The supported versions.
    pub range: String,
}

/// How a plugin runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// `process`, `wasm`, `grpc` or `external`.
    pub kind: String,
    /// The entry point: a path inside the plugin, or the address of an external one.
    pub entry: String,
    /// The arguments.
    pub args: Vec<String>,
}

/// An operation of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operation {
    /// Its name: the token `<op>` of the specification (§7).
    pub name: String,
    /// A one-line summary.
    pub summary: String,
    /// The path of the request schema, inside the plugin.
    pub input: String,
    /// The path of the response schema, inside the plugin.
    pub output: String,
    /// The time limit in milliseconds.
    pub timeout_ms: Option<i64>,
}

impl PluginSpec {
    /// Reads a spec; `None` if it is not a mapping.
    #[must_use]
    pub fn read(value: &Value) -> Option<PluginSpec> {
        value.as_map()?;
        let text = |pointer: &str| string_at(value, pointer);
        let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
        let operation = |value: &Value| Operation {
            name: string_at(value, "/name"),
            summary: string_at(value, "/summary"),
            input: string_at(value, "/input"),
            output: string_at(value, "/output"),
            timeout_ms: value.pointer("/timeout_ms").and_then(Value::as_integer),
        };
        Some(PluginSpec {
            ulid: text("/ulid"),
            key: text("/key"),
            name: text("/name"),
            version: text("/version"),
            status: text("/status"),
            owner: text("/owner"),
            description: text("/description"),
            license: value.pointer("/license").and_then(Value::as_str).map(String::from),
            core: Core { api: text("/core/api"), range: text("/core/range") },
            runtime: Runtime {
                kind: text("/runtime/kind"),
                entry: text("/runtime/entry"),
                args: list("/runtime/args").iter().filter_map(Value::as_str).map(String::from).collect(),
            },
            operations: list("/operations").iter().map(operation).collect(),
            dependencies: list("/dependencies")
                .iter()
                .map(|value| (string_at(value, "/key"), string_at(value, "/version")))
                .collect(),
            value: Some(value.clone()),
        })
    }

    /// Returns a value of the document.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.value.as_ref()?.pointer(pointer)
    }

    /// Returns a mapping of the document, unless it is empty.
    #[must_use]
    pub fn map_at(&self, pointer: &str) -> Option<&Map> {
        self.at(pointer)?.as_map().filter(|map| !map.is_empty())
    }

    /// Returns the strings of an array of the document.
    #[must_use]
    pub fn strings_at(&self, pointer: &str) -> Vec<&str> {
        let list = self.at(pointer).and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect()
    }

    /// Returns the command that starts the plugin from its own directory; `None` if the plugin is not a local process.
    ///
    /// The extension of a source file selects the interpreter.
    #[must_use]
    pub fn launch(&self) -> Option<Vec<String>> {
        if !matches!(self.runtime.kind.as_str(), "process" | "grpc") || self.runtime.entry.is_empty() {
            return None;
        }
        let entry = self.runtime.entry.clone();
        let mut command: Vec<String> = match Language::of_path(&entry) {
            Some(Language::Python) => vec!["python3".into(), entry],
            Some(Language::TypeScript | Language::JavaScript) => vec!["node".into(), entry],
            Some(Language::Rust) => ["cargo", "run", "--quiet", "--"].map(String::from).to_vec(),
            Some(Language::Shell) => vec!["sh".into(), entry],
            None => vec![format!("./{entry}")],
        };
        command.extend(self.runtime.args.iter().cloned());
        Some(command)
    }
}

fn string_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().into()
}

/// A language that handlers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python 3.
    Python,
    /// Rust, as a cargo package in the plugin's directory.
    Rust,
    /// TypeScript, as node runs it: types are stripped, not checked.
    TypeScript,
    /// JavaScript.
    JavaScript,
    /// A POSIX shell.
    Shell,
}

impl Language {
    /// Returns the name that specs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::Rust => "rust",
            Language::TypeScript => "typescript",
            Language::JavaScript => "javascript",
            Language::Shell => "shell",
        }
    }

    /// Returns the language of a file by the extension of its name.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Language> {
        match path.rsplit_once('.')?.1 {
            "py" => Some(Language::Python),
            "rs" => Some(Language::Rust),
            "ts" | "mts" => Some(Language::TypeScript),
            "js" | "mjs" => Some(Language::JavaScript),
            "sh" => Some(Language::Shell),
            _ => None,
        }
    }
}
