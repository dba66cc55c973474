//! Performance budgets: the limits of each operation and their measurements (specification 004 §2.9).

mod compare;
mod results;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use artifact::{Fields, Limits, Map, Problem, Syntax, Value};

use crate::number::finite_number;
use crate::{Problems, Spanned, problem};

pub use compare::{BudgetViolation, find_violations};
pub use results::{Outcome, Results, Status, read_results};

/// The path of the budgets in a plugin directory.
pub const BUDGETS: &str = "conformance/perf/budgets.json";
/// The path of the conformance results in a plugin directory.
pub const RESULTS: &str = "conformance/results.json";

/// A performance measure of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// The median time, in milliseconds.
    P50,
    /// The 95th percentile of the time, in milliseconds.
    P95,
    /// The 99th percentile of the time, in milliseconds.
    P99,
    /// The longest time, in milliseconds.
    Max,
    /// The most memory, in mebibytes.
    Memory,
    /// The share of calls that fail, in percent.
    ErrorRate,
    /// Answered calls per second: more is better.
    Throughput,
}

impl Measure {
    /// All measures; the times come first, in ascending order.
    pub const ALL: [Measure; 7] = [
        Measure::P50,
        Measure::P95,
        Measure::P99,
        Measure::Max,
        Measure::Memory,
        Measure::ErrorRate,
        Measure::Throughput,
    ];

    /// Returns the name used in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::P50 => "p50_ms",
            Measure::P95 => "p95_ms",
            Measure::P99 => "p99_ms",
            Measure::Max => "max_ms",
            Measure::Memory => "memory_mib",
            Measure::ErrorRate => "error_rate_percent",
            Measure::Throughput => "throughput_per_second",
        }
    }

    /// Returns whether a value keeps a budget: at most the budget, or at least the budget for throughput.
    #[must_use]
    pub fn is_within(self, figure: f64, bound: f64) -> bool {
        match self {
            Measure::Throughput => figure >= bound,
            _ => figure <= bound,
        }
    }

    fn is_time(self) -> bool {
        matches!(self, Measure::P50 | Measure::P95 | Measure::P99 | Measure::Max)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The values of an operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// The byte range of the operation's name.
    pub name: Range<usize>,
    /// The budgets or measurements, finite and not negative.
    pub measures: BTreeMap<Measure, Spanned<f64>>,
}

/// The values of every operation, by name.
pub type Operations = BTreeMap<String, Figures>;

/// Reads the budgets of a plugin.
#[must_use]
pub fn read_budgets(source: &[u8]) -> (Operations, Vec<Problem>) {
    let mut found = Vec::new();
    let value = parse(source, &mut found);
    let operations = value.map(|value| operations(&value, "", Kind::Budget, &mut found));
    (operations.unwrap_or_default(), bounded(found))
}

fn parse(source: &[u8], problems: &mut Vec<Problem>) -> Option<Value> {
    artifact::parse(Syntax::Json, source, &Limits::default())
        .map_err(|error| problems.push(Problem { help: error.help, ..problem(error.span, error.message) }))
        .ok()
}

fn bounded(found: Vec<Problem>) -> Vec<Problem> {
    let mut problems = Problems::default();
    problems.extend(found);
    problems.finish()
}

/// What the values of a document are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Budget,
    Measured,
}

fn operations(value: &Value, pointer: &str, kind: Kind, problems: &mut Vec<Problem>) -> Operations {
    // Reports a problem unless the value is a mapping.
    if Fields::of(value, pointer, problems).is_none() {
        return Operations::new();
    }
    let entries = value.as_map().into_iter().flat_map(Map::entries);
    entries
        .map(|entry| {
            let name = &entry.key.name;
            let below = format!("{pointer}/{}", artifact::escape(name));
            let measures = figures(&entry.value, &below, kind, problems);
            if measures.is_empty() && entry.value.as_map().is_some_and(Map::is_empty) {
                let message = match kind {
                    Kind::Budget => format!("`{name}` has no budget"),
                    Kind::Measured => format!("no measurements for `{name}`"),
                };
                problems.push(Problem { pointer: below, ..problem(entry.value.span.clone(), message) });
            }
            (name.clone(), Figures { name: entry.key.span.clone(), measures })
        })
        .collect()
}

fn figures(
    value: &Value,
    pointer: &str,
    kind: Kind,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Measure, Spanned<f64>> {
    let mut measures = BTreeMap::new();
    let Some(mut fields) = Fields::of(value, pointer, problems) else { return measures };
    let mut before: Option<(Measure, f64)> = None;
    for measure in Measure::ALL {
        let Some(value) = fields.optional(measure.name()) else { continue };
        // A budget of zero makes sense for errors only; a measurement may be zero for every measure.
        let zero = kind == Kind::Measured || measure == Measure::ErrorRate;
        let valid = finite_number(value).filter(|figure| *figure > 0.0 || zero && *figure == 0.0);
        let Some(figure) = valid.filter(|figure| measure != Measure::ErrorRate || *figure <= 100.0) else {
            let expected = match measure {
                Measure::ErrorRate => "a number from 0 to 100",
                _ if zero => "a number that is not negative",
                _ => "a number above 0",
            };
            let message = format!("expected {expected}, found {}", value.show());
            fields.problem(measure.name(), value.span.clone(), message, None);
            continue;
        };
        if measure.is_time() {
            if let Some((lower, least)) = before.filter(|(_, least)| *least > figure) {
                let message = format!("{measure} ({figure}) is less than {lower} ({least})");
                let help = Some("a higher percentile is never less than a lower one".into());
                fields.problem(measure.name(), value.span.clone(), message, help);
            }
            before = Some((measure, figure));
        }
        measures.insert(measure, Spanned::new(figure, value.span.clone()));
    }
    fields.finish();
    measures
}

#[cfg(test)]
mod tests;
