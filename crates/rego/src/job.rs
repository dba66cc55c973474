//! What is asked: policies, data, and the files that are judged.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A file of Rego.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Where it lies, from the repository's root. Messages name it.
    pub path: String,
    /// Its text: at most 1 MiB, all sources together at most 8 MiB.
    pub text: String,
}

/// A file that is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Where it lies, from the repository's root.
    pub path: String,
    /// What it holds, at most 64 levels deep. It is handed to the rules whole: of a file with several documents, each is an input.
    pub value: Value,
}

/// Files, and the rules that judge them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The policies and the modules that they import.
    pub sources: Vec<Source>,
    /// Objects that become `data`, merged in this order. Two values at one place are a [`crate::Failure`].
    pub data: Vec<Value>,
    /// What is judged, one after the other.
    pub inputs: Vec<Input>,
    /// The packages whose rules judge, without `data.`. None: every package that has rules to judge with.
    pub namespaces: Vec<String>,
    /// Whether the rules see all inputs at once, as conftest's `--combine`: `[{"path": …, "contents": …}, …]`.
    pub combine: bool,
}

impl Request {
    /// Asks what the package `main`, conftest's default, says of each input.
    #[must_use]
    pub fn new(sources: Vec<Source>, inputs: Vec<Input>) -> Self {
        Self { sources, data: Vec::new(), inputs, namespaces: vec!["main".into()], combine: false }
    }
}

/// What a worker does in its one life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Judges files.
    Evaluate(Request),
    /// Runs the policies' own tests, as `conftest verify`: every rule whose name starts with `test_`.
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
