//! What is answered: what the rules say, how the tests went, or why there is no verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// To [`crate::Job::Evaluate`].
    Evaluated(Answer),
    /// To [`crate::Job::Test`]: package by package, sorted by name.
    Tested(Vec<TestResult>),
}

/// What the rules say of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What they say: input by input, package by package, rule by rule, in the order of what the rule gives (a set is sorted).
    pub told: Vec<Told>,
    /// How often a rule was evaluated: rules times inputs.
    pub queries: u64,
    /// How often what a rule says was left out because an `exception` names the rule.
    pub exempted: u64,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// A rule named `deny…` or `violation…`.
    Deny,
    /// A rule named `warn…`.
    Warn,
}

/// One thing that a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of which input, as its index. None where the rules see all inputs at once and do not say of which they speak.
    pub input: Option<usize>,
    /// How grave it is.
    pub level: Level,
    /// The rule, as `data.main.deny_host`.
    pub rule: String,
    /// Where the rule is first defined.
    pub place: Place,
    /// The rule's own words, never empty. They are the policy's text: not sanitised here.
    pub message: String,
    /// Where in the input, as an RFC 6901 pointer.
    pub pointer: Option<String>,
    /// How to put it right.
    pub help: Option<String>,
}

/// How a test of the policies went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The rule, as `data.main.test_host`.
    pub name: String,
    /// The source that defines it.
    pub path: String,
    /// The line in it, from 1.
    pub line: u32,
    /// Whether it gave `true`. A skipped test did not.
    pub passed: bool,
    /// Whether it was not run, for its name starts with `todo_test_`.
    pub skipped: bool,
    /// Why it did not pass.
    pub note: Option<String>,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The source's path.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// What stood in the way of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The policies, their data or the inputs: whoever wrote them can put it right.
    Rules,
    /// A limit of memory, time or length.
    Limit,
    /// The process itself: it could not be started, died, or talked nonsense.
    Process,
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What stood in the way.
    pub cause: Cause,
    /// The reason, as one line in lower case. It may quote the policy's text: not sanitised here.
    pub message: String,
    /// Where in the sources, when that is known.
    pub place: Option<Place>,
}

impl Failure {
    pub(crate) fn rules(message: impl Into<String>) -> Self {
        Self { cause: Cause::Rules, message: message.into(), place: None }
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self { cause: Cause::Limit, message: message.into(), place: None }
    }

    pub(crate) fn process(message: impl Into<String>) -> Self {
        Self { cause: Cause::Process, message: message.into(), place: None }
    }

    pub(crate) fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Adds what was being done.
    pub(crate) fn while_doing(mut self, what: &str) -> Self {
        self.message = format!("{} ({what})", self.message);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(out, "{place}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl std::error::Error for Failure {}
