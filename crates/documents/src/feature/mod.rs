//! Reads feature files: Gherkin 6 and later, the scenarios of a plugin's behaviour (specification 004 §3).

mod doc_string;
mod language;
mod outline;
mod reader;
mod table;

use std::ops::Range;
use std::sync::Arc;

use artifact::Problem;

use crate::{MAX_DOCUMENT_BYTES, Spanned, check_length};

pub use language::StepKind;
pub use table::{Row, Table};

/// A feature, without the parts that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feature {
    /// The name.
    pub name: Spanned<String>,
    /// The code of its language.
    pub language: &'static str,
    /// Its tags, with their `@`.
    pub tags: Vec<Spanned<String>>,
    /// The steps before every scenario.
    pub background: Vec<Step>,
    /// The scenarios of all rules, in document order.
    pub scenarios: Vec<Scenario>,
}

/// A scenario or a scenario outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The name, unique in the feature.
    pub name: Spanned<String>,
    /// Its keyword.
    pub keyword: &'static str,
    /// The rule that contains it.
    pub rule: Option<Arc<str>>,
    /// Its tags, with their `@`.
    pub tags: Vec<Spanned<String>>,
    /// Its steps, in document order.
    pub steps: Vec<Step>,
    /// The example tables of an outline; none for a scenario.
    pub examples: Vec<Examples>,
    /// The byte range of its first line.
    pub span: Range<usize>,
}

/// The examples of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    /// The name, often empty.
    pub name: String,
    /// Their tags, with their `@`.
    pub tags: Vec<Spanned<String>>,
    /// A header row with the placeholder names, and one row per run.
    pub table: Table,
    /// The byte range of their first line.
    pub span: Range<usize>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its kind as written: `And` stays `And`.
    pub kind: StepKind,
    /// Its keyword.
    pub keyword: &'static str,
    /// The text after the keyword.
    pub text: Spanned<String>,
    /// The table below it.
    pub table: Option<Table>,
    /// The doc string below it, between `"""` or ```` ``` ````.
    pub doc: Option<Spanned<String>>,
}

impl Step {
    /// Returns the cells of its table.
    fn cells(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.table.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells)
    }
}

impl Scenario {
    /// Returns the number of runs: one, or one per row of the examples.
    #[must_use]
    pub fn runs(&self) -> usize {
        if self.examples.is_empty() {
            return 1;
        }
        self.examples.iter().map(|examples| examples.table.rows.len().saturating_sub(1)).sum()
    }
}

/// Reads a feature.
#[must_use]
pub fn read(text: &str) -> (Feature, Vec<Problem>) {
    match check_length(text.len(), MAX_DOCUMENT_BYTES) {
        Ok(()) => reader::read(text),
        Err(problem) => (Feature::default(), vec![problem]),
    }
}

#[cfg(test)]
mod tests;
