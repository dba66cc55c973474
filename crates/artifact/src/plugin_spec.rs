//! The plugin spec: what a plugin is now, and the one source of every file that is derived for it.

use crate::{Map, Value};

/// A plugin spec, as its derivations read it. Whether it is valid is its schema's to say: what cannot be read is empty here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PluginSpec {
    /// The identity.
    pub ulid: String,
    /// The key of today.
    pub key: String,
    /// The name that people read.
    pub name: String,
    /// The version (SemVer 2.0.0).
    pub version: String,
    /// `active`, `deprecated`, `retired` or `consolidated`.
    pub status: String,
    /// Who answers for it.
    pub owner: String,
    /// What it is for.
    pub description: String,
    /// An SPDX licence expression, where one is given.
    pub license: Option<String>,
    /// The core interface that it is made for.
    pub core: Core,
    /// How it is run.
    pub runtime: Runtime,
    /// What it can be asked for, in the order of the spec.
    pub operations: Vec<Operation>,
    /// The keys of what it needs, and the versions.
    pub dependencies: Vec<(String, String)>,
    /// The whole document: what has no field here is asked for by pointer.
    pub value: Option<Value>,
}

/// The core interface that a plugin is made for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Core {
    /// The interface's name.
    pub api: String,
    /// The versions it works with.
    pub range: String,
}

/// How a plugin is run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// `process`, `wasm`, `grpc` or `external`.
    pub kind: String,
    /// What is started: a path inside the plugin; of an external one, an address.
    pub entry: String,
    /// What it is started with.
    pub args: Vec<String>,
}

/// Something that a plugin can be asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operation {
    /// Its name: the token `<op>` of the specification (§7).
    pub name: String,
    /// What it does, in a line.
    pub summary: String,
    /// Where the schema of its request lies, inside the plugin.
    pub input: String,
    /// Where the schema of its response lies, inside the plugin.
    pub output: String,
    /// The milliseconds it may take, where the spec says so.
    pub timeout_ms: Option<i64>,
}

impl PluginSpec {
    /// Reads a spec; `None` where it is no map.
    #[must_use]
    pub fn read(value: &Value) -> Option<PluginSpec> {
        value.as_map()?;
        let text = |pointer: &str| text_at(value, pointer);
        let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_list).unwrap_or_default();
        let operation = |value: &Value| Operation {
            name: text_at(value, "/name"),
            summary: text_at(value, "/summary"),
            input: text_at(value, "/input"),
            output: text_at(value, "/output"),
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
                .map(|value| (text_at(value, "/key"), text_at(value, "/version")))
                .collect(),
            value: Some(value.clone()),
        })
    }

    /// Returns a value of the document.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.value.as_ref()?.pointer(pointer)
    }

    /// Returns a map of the document, where it holds anything.
    #[must_use]
    pub fn map_at(&self, pointer: &str) -> Option<&Map> {
        self.at(pointer)?.as_map().filter(|map| !map.is_empty())
    }

    /// Returns the texts of a list of the document.
    #[must_use]
    pub fn texts_at(&self, pointer: &str) -> Vec<&str> {
        let list = self.at(pointer).and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect()
    }

    /// Returns the words that start the plugin, from its own folder; `None` where nothing of it is started here.
    ///
    /// What a source file is started with follows from its ending.
    #[must_use]
    pub fn launch(&self) -> Option<Vec<String>> {
        if !matches!(self.runtime.kind.as_str(), "process" | "grpc") || self.runtime.entry.is_empty() {
            return None;
        }
        let entry = self.runtime.entry.clone();
        let mut words: Vec<String> = match Language::of_path(&entry) {
            Some(Language::Python) => vec!["python3".into(), entry],
            Some(Language::TypeScript | Language::JavaScript) => vec!["node".into(), entry],
            Some(Language::Rust) => ["cargo", "run", "--quiet", "--"].map(String::from).to_vec(),
            Some(Language::Shell) => vec!["sh".into(), entry],
            None => vec![format!("./{entry}")],
        };
        words.extend(self.runtime.args.iter().cloned());
        Some(words)
    }
}

fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().into()
}

/// A language that handlers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python 3.
    Python,
    /// Rust, as a cargo package in the plugin's folder.
    Rust,
    /// TypeScript, as node runs it: types are stripped, not checked.
    TypeScript,
    /// JavaScript.
    JavaScript,
    /// A POSIX shell.
    Shell,
}

impl Language {
    /// Returns the name that people write.
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

    /// Tells the language from a file's name.
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
