//! The job of a worker: policies, data, and the files to check.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A file of Rego.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its path in the repository. Messages name it.
    pub path: String,
    /// Its content: at most 1 MiB, and 8 MiB for all sources together.
    pub text: String,
}

/// A file to check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Its path in the repository.
    pub path: String,
    /// Its content, at most 64 levels deep. A file with several documents gives one input per document.
    pub value: Value,
    /// An object that is added to `data` while this file is checked.
    pub data: Option<Value>,
}

/// Files, and the rules that check them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The policies and the modules that they import.
    pub sources: Vec<Source>,
    /// Objects that become `data`, merged in this order. Two values for the same key are a [`crate::Failure`].
    pub data: Vec<Value>,
    /// The files to check, in this order.
    pub inputs: Vec<Input>,
    /// The packages to evaluate, without `data.`; empty for every package with rules named deny, violation or warn.
    pub namespaces: Vec<String>,
    /// Whether the rules see all inputs at once, as conftest's `--combine`: `[{"path": …, "contents": …}, …]`.
    pub combine: bool,
}

impl Request {
    /// Evaluates the package `main`, conftest's default, on each input.
    #[must_use]
    pub fn new(sources: Vec<Source>, inputs: Vec<Input>) -> Self {
        Self { sources, data: Vec::new(), inputs, namespaces: vec!["main".into()], combine: false }
    }
}

/// The single job of a worker process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Checks files.
    Evaluate(Request),
    /// Runs the tests of the policies, like `conftest verify`: every rule whose name starts with `test_`.
    Test {
        /// The policies, the modules that they import, and the tests.
        sources: Vec<Source>,
        /// Objects that become `data`, merged in this order.
        data: Vec<Value>,
    },
}

impl Job {
    pub(crate) fn sources(&self) -> &[Source] {
        match self {
            Self::Evaluate(request) => &request.sources,
            Self::Test { sources, .. } => sources,
        }
    }

    pub(crate) fn data(&self) -> &[Value] {
        match self {
            Self::Evaluate(request) => &request.data,
            Self::Test { data, .. } => data,
        }
    }

    pub(crate) fn inputs(&self) -> &[Input] {
        match self {
            Self::Evaluate(request) => &request.inputs,
            Self::Test { .. } => &[],
        }
    }
}
