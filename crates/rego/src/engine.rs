//! Wraps the Rego engine: loads policies and data, evaluates rules, and converts errors to failures with a location.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use regorus::unstable::{Module, Ref};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{PolicyLengthConfig, Value};

use crate::job::Source;
use crate::reply::{Failure, Place};
use crate::{clock, functions, job_limits, number};

/// The maximum length of a line in a policy: the default of the engine refuses tables in real policies.
const MAX_LINE_CHARS: NonZeroU32 = NonZeroU32::new(8192).expect("not zero");
/// The maximum number of lines in a policy: as many as fit into a source.
const MAX_LINES: NonZeroUsize = NonZeroUsize::new(job_limits::MAX_SOURCE_BYTES).expect("not zero");
/// How much of a number a message shows.
const MAX_SHOWN_DIGITS: usize = 60;
/// The number of evaluation steps between two checks of the time limit.
const TIMER_INTERVAL: NonZeroU32 = NonZeroU32::new(64).expect("not zero");
/// The message of the engine's timer; an error inside a function keeps only the message.
const OUT_OF_TIME: &str = "execution exceeded time limit";

/// Policies and data, ready for evaluation.
pub(crate) struct Engine {
    inner: regorus::Engine,
    /// `data` without the current file.
    data: Value,
    /// Whether a policy uses the name of the current file.
    uses_file_name: bool,
    /// Whether `data` contains something of the current file alone.
    has_own_data: bool,
    time: Duration,
    deadline: Duration,
}

impl Engine {
    /// Loads policies and data. The time limit starts here.
    pub(crate) fn load(
        sources: &[Source],
        data: Vec<serde_json::Value>,
        time: Duration,
    ) -> Result<Self, Failure> {
        clock::install();
        let mut inner = regorus::Engine::new();
        inner.set_gather_prints(true);
        // The default of the engine, made explicit: a failed call is an error, not undefined, which `not` would turn into true.
        inner.set_strict_builtin_errors(true);
        inner.set_policy_length_config(PolicyLengthConfig {
            max_col: MAX_LINE_CHARS,
            max_file_bytes: NonZeroUsize::new(job_limits::MAX_SOURCE_BYTES).expect("not zero"),
            max_lines: MAX_LINES,
        });
        functions::install(&mut inner);
        for source in sources {
            parse(&mut inner, source)?;
        }
        for (index, document) in data.into_iter().enumerate() {
            inner.add_data(value(document)?).map_err(|error| {
                Failure::rules(format!("data document {}: {}", index + 1, one_line(&error.to_string())))
            })?;
        }
        let data = inner.get_data();
        let uses_file_name = sources.iter().any(|source| source.text.contains("conftest"));
        Ok(Self {
            inner,
            data,
            uses_file_name,
            has_own_data: false,
            time,
            deadline: clock::elapsed().saturating_add(time),
        })
    }

    /// Returns the policies as they were parsed, in the order of the sources.
    pub(crate) fn modules(&mut self) -> &[Ref<Module>] {
        self.inner.get_modules()
    }

    /// Returns the value in `data` at a path.
    pub(crate) fn datum(&self, path: &[&str]) -> Value {
        path.iter().fold(self.data.clone(), |value, key| value[*key].clone())
    }

    /// Sets `input`.
    pub(crate) fn set_input(&mut self, value: Value) {
        self.inner.set_input(value);
    }

    /// Provides the name of the current file like conftest, `data.conftest.file.name` and `.dir`, and the data of this file alone.
    pub(crate) fn set_file(&mut self, path: &str, own: Option<serde_json::Value>) -> Result<(), Failure> {
        if !self.uses_file_name && own.is_none() && !self.has_own_data {
            return Ok(());
        }
        let (directory, name) = path.rsplit_once('/').unwrap_or((".", path));
        let file = value(serde_json::json!({"conftest": {"file": {"name": name, "dir": directory}}}))?;
        self.has_own_data = own.is_some();
        self.inner.clear_data();
        let mut added = self.inner.add_data(self.data.clone()).and_then(|()| self.inner.add_data(file));
        if let Some(own) = own {
            let own = value(own)?;
            added = added.and_then(|()| self.inner.add_data(own));
        }
        added.map_err(|error| Failure::rules(format!("the data of {path}: {}", one_line(&error.to_string()))))
    }

    /// Evaluates a rule.
    pub(crate) fn value(&mut self, rule: &str) -> Result<Value, Failure> {
        let Some(limit) = self.deadline.checked_sub(clock::elapsed()).filter(|left| !left.is_zero()) else {
            return Err(self.out_of_time().while_doing(rule));
        };
        self.inner.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: TIMER_INTERVAL });
        let value = self.inner.eval_rule(rule.to_string());
        // Output of `print` is for the development of policies, and is discarded.
        let _ = self.inner.take_prints();
        value.map_err(|error| {
            let text = format!("{error:#}");
            let failure = if text.contains(OUT_OF_TIME) { self.out_of_time() } else { explain(&text) };
            failure.while_doing(rule)
        })
    }

    fn out_of_time(&self) -> Failure {
        Failure::limit(format!("the custom rules exceeded their time limit of {} ms", self.time.as_millis()))
    }
}

/// Converts a document for the engine. The conversion of the engine itself drops unsupported values, which no rule would then deny.
pub(crate) fn value(document: serde_json::Value) -> Result<Value, Failure> {
    if let Some((pointer, number)) = number::inexact(&document) {
        let shown: String = number.chars().take(MAX_SHOWN_DIGITS).collect();
        return Err(Failure::rules(format!(
            "{pointer}: the number {shown} cannot be compared exactly by custom rules; quote it as a string"
        )));
    }
    serde_json::from_value(document).map_err(|error| Failure::rules(format!("unsupported document: {error}")))
}

/// Parses a source as Rego v1, else as v0: file by file, because policies of both versions are used together.
fn parse(engine: &mut regorus::Engine, source: &Source) -> Result<(), Failure> {
    let mut read = |v0| {
        engine.set_rego_v0(v0);
        engine
            .add_policy(source.path.clone(), source.text.clone())
            .map_err(|error| explain(&format!("{error:#}")))
    };
    let Err(first) = read(false) else { return Ok(()) };
    let Err(second) = read(true) else { return Ok(()) };
    let place = first.place.clone().unwrap_or(Place { path: source.path.clone(), line: 1, column: 1 });
    let failure = if first == second {
        first
    } else {
        let other = second.place.filter(|other| *other != place);
        let other = other.map(|other| format!(" at {}:{}", other.line, other.column)).unwrap_or_default();
        Failure::rules(format!("not Rego v1: {}; and not Rego v0: {}{other}", first.message, second.message))
    };
    Err(failure.at(place))
}

/// Converts an error message of the engine: an arrow with the location, the line, a caret, and `error: …`.
fn explain(text: &str) -> Failure {
    let place = text.lines().find_map(|line| line.strip_prefix("--> ")).and_then(place);
    let words = text.split_once("error: ").map_or(text, |(_, words)| words);
    // Text after a second arrow is about further locations.
    let words = words.split_once("\n-->").map_or(words, |(words, _)| words);
    let failure = Failure::rules(one_line(words));
    match place {
        Some(place) => failure.at(place),
        None => failure,
    }
}

/// Parses `path:line:column`; a path can contain colons.
fn place(text: &str) -> Option<Place> {
    let mut parts = text.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some(Place { path: parts.next()?.into(), line, column })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_engine_become_a_location_and_one_line() {
        let failure = explain(
            "\n--> a:b.rego:3:15\n  |\n3 | x\n  | ^\nerror: this import shadows\nanother:\n--> c:2:1\n  |\nmore",
        );
        assert_eq!(failure.to_string(), "a:b.rego:3:15: this import shadows another:");
        assert_eq!(explain("not a valid rule path").to_string(), "not a valid rule path");
    }
}
