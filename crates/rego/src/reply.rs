//! The reply of a worker: results of rules, results of tests, or the reason why it could not evaluate.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A successful reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// To [`crate::Job::Evaluate`].
    Evaluated(Answer),
    /// To [`crate::Job::Test`]: package by package, sorted by name.
    Tested(Vec<TestResult>),
}

/// The results of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The results by input, package and rule, in the order of the value of the rule (a set is sorted).
    pub results: Vec<PolicyResult>,
    /// The number of evaluations: rules times inputs.
    pub queries: u64,
    /// The number of evaluations whose results were dropped because of an `exception`.
    pub exempted: u64,
}

/// The level of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// A rule named `deny…` or `violation…`.
    Deny,
    /// A rule named `warn…`.
    Warn,
}

/// One result of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyResult {
    /// The index of the input. None if a rule saw all inputs at once and its result names none of them.
    pub input: Option<usize>,
    /// The level.
    pub level: Level,
    /// The rule, as `data.main.deny_host`.
    pub rule: String,
    /// The name that the result itself gives the rule, as in `review-required`.
    #[serde(default)]
    pub name: Option<String>,
    /// The first definition of the rule.
    pub place: Place,
    /// The message of the rule, never empty. It is text of the policy, and not sanitised here.
    pub message: String,
    /// The location in the input, as an RFC 6901 pointer.
    pub pointer: Option<String>,
    /// How to fix it.
    pub help: Option<String>,
}

/// The result of a policy test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The rule, as `data.main.test_host`.
    pub name: String,
    /// The source that defines it.
    pub path: String,
    /// The line in it, from 1.
    pub line: u32,
    /// Whether its value is `true`; false for a skipped test.
    pub passed: bool,
    /// Whether it was not run because its name starts with `todo_test_`.
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

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The policies, their data or the inputs are invalid: their author can fix it.
    Rules,
    /// A limit of memory, time or size was exceeded.
    Limit,
    /// The worker process could not be started, died, or sent an invalid answer.
    Process,
}

/// Why the rules could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind of the failure.
    pub cause: Cause,
    /// The reason, on one line in lower case. It can quote text of the policy, and is not sanitised here.
    pub message: String,
    /// The location in the sources, if known.
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

    /// Adds the operation that failed.
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
