//! JSON lines: one value on each line, empty lines skipped.

use std::ops::Range;

use crate::json::{self, Dialect};
use crate::{Budget, Kind, SyntaxError, Value};

/// Reads the lines of a range as a list.
pub(super) fn read(text: &str, range: Range<usize>, budget: &mut Budget<'_>) -> Result<Value, SyntaxError> {
    let mut list = Vec::new();
    let mut at = range.start;
    for line in text[range.clone()].split_inclusive('\n') {
        let content = line.trim_end();
        if !content.is_empty() {
            list.push(json::read(text, at..at + content.len(), Dialect::Tolerant, budget)?);
        }
        at += line.len();
    }
    budget.node(&range)?;
    Ok(Value::new(Kind::List(list), range))
}
