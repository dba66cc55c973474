//! Features: Gherkin 6 and later, the scenarios of a plugin's behaviour (specification 004 §3).

mod doc;
mod language;
mod outline;
mod reader;
mod table;

use std::ops::Range;
use std::sync::Arc;

use artifact::Problem;

use crate::{At, LARGEST, refuse_length};

pub use language::StepKind;
pub use table::{Row, Table};

/// A feature, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feature {
    /// What it is called.
    pub name: At<String>,
    /// The code of the language it is written in.
    pub language: &'static str,
    /// Its tags, with their `@`.
    pub tags: Vec<At<String>>,
    /// The steps before every scenario.
    pub background: Vec<Step>,
    /// The scenarios, in order, whatever rule they stand below.
    pub scenarios: Vec<Scenario>,
}

/// A scenario, or the outline of some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called, once in the feature.
    pub name: At<String>,
    /// The keyword that begins it.
    pub keyword: &'static str,
    /// The rule that it stands below.
    pub rule: Option<Arc<str>>,
    /// Its tags, with their `@`.
    pub tags: Vec<At<String>>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// The tables that an outline is filled in from; none for a scenario.
    pub examples: Vec<Examples>,
    /// The line that begins it.
    pub span: Range<usize>,
}

/// What an outline is filled in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    /// What they are called, often nothing.
    pub name: String,
    /// Their tags, with their `@`.
    pub tags: Vec<At<String>>,
    /// The names of the placeholders, and a row for each time it is run.
    pub table: Table,
    /// The line that begins them.
    pub span: Range<usize>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its kind, as it is written: `And` is `And`.
    pub kind: StepKind,
    /// Its keyword.
    pub keyword: &'static str,
    /// What it says.
    pub text: At<String>,
    /// The table below it.
    pub table: Option<Table>,
    /// The text below it, between `"""` or ```` ``` ````.
    pub doc: Option<At<String>>,
}

impl Step {
    /// Returns the cells of the table below it.
    fn cells(&self) -> impl Iterator<Item = &At<String>> {
        self.table.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells)
    }
}

impl Scenario {
    /// Returns how many times it is run: once, or once for each row of its examples.
    #[must_use]
    pub fn runs(&self) -> usize {
        match self.examples.is_empty() {
            true => 1,
            false => self.examples.iter().map(|examples| examples.table.rows.len().saturating_sub(1)).sum(),
        }
    }
}

/// Reads a feature.
#[must_use]
pub fn read(text: &str) -> (Feature, Vec<Problem>) {
    match refuse_length(text.len(), LARGEST) {
        Ok(()) => reader::read(text),
        Err(problem) => (Feature::default(), vec![problem]),
    }
}

#[cfg(test)]
mod tests;
