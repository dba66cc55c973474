//! From located values to typed data: every problem is collected, with its position and a fix.

use std::ops::Range;

use thiserror::Error;

use crate::value::escape;
use crate::{Map, Value};

/// A problem in a document: where, what, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Problem {
    /// The JSON pointer (RFC 6901) of the value; empty if the problem concerns the whole document or line.
    pub pointer: String,
    /// The bytes that the message refers to.
    pub span: Range<usize>,
    /// The message: lower case, no closing full stop.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
}

impl Problem {
    /// Creates a problem of a range of bytes, without a pointer and without help.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { pointer: String::new(), span, message: message.into(), help: None }
    }
}

/// Reads the fields of a mapping one by one; those that were never requested are unknown.
pub struct Fields<'v, 'p> {
    map: &'v Map,
    span: Range<usize>,
    pointer: String,
    requested: Vec<&'static str>,
    problems: &'p mut Vec<Problem>,
}

impl<'v, 'p> Fields<'v, 'p> {
    /// Starts to read a mapping; any other value is a problem.
    pub fn of(value: &'v Value, pointer: &str, problems: &'p mut Vec<Problem>) -> Option<Fields<'v, 'p>> {
        match value.as_map() {
            Some(map) => Some(Fields {
                map,
                span: value.span.clone(),
                pointer: pointer.into(),
                requested: Vec::new(),
                problems,
            }),
            None => {
                problems.push(wrong_type(value, pointer, "a mapping"));
                None
            }
        }
    }

    /// Returns the empty span before the mapping, where a missing field is reported.
    #[must_use]
    pub fn start(&self) -> Range<usize> {
        self.span.start..self.span.start
    }

    /// Returns the pointer of a field.
    #[must_use]
    pub fn pointer_of(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, escape(name))
    }

    /// Reports a problem with a value below this mapping.
    pub fn problem(
        &mut self,
        name: &str,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let pointer = self.pointer_of(name);
        self.problems.push(Problem { pointer, span, message: message.into(), help });
    }

    /// Returns the list that collects problems, for reading nested values.
    pub fn problems(&mut self) -> &mut Vec<Problem> {
        self.problems
    }

    /// Returns a field's value, if the field is present.
    pub fn optional(&mut self, name: &'static str) -> Option<&'v Value> {
        self.requested.push(name);
        self.map.get(name)
    }

    /// Returns a field's value; a missing field is a problem.
    pub fn required(&mut self, name: &'static str) -> Option<&'v Value> {
        let value = self.optional(name);
        if value.is_none() {
            self.problem(name, self.start(), format!("missing field `{name}`"), None);
        }
        value
    }

    /// Returns an optional string.
    pub fn optional_str(&mut self, name: &'static str) -> Option<(&'v str, &'v Value)> {
        let value = self.optional(name)?;
        self.string(name, value)
    }

    /// Returns a required string.
    pub fn required_str(&mut self, name: &'static str) -> Option<(&'v str, &'v Value)> {
        let value = self.required(name)?;
        self.string(name, value)
    }

    /// Returns an optional array.
    pub fn optional_list(&mut self, name: &'static str) -> Option<&'v [Value]> {
        let value = self.optional(name)?;
        let list = value.as_list();
        if list.is_none() {
            let pointer = self.pointer_of(name);
            self.problems.push(wrong_type(value, &pointer, "an array"));
        }
        list
    }

    fn string(&mut self, name: &str, value: &'v Value) -> Option<(&'v str, &'v Value)> {
        match value.as_str() {
            Some(text) => Some((text, value)),
            None => {
                let pointer = self.pointer_of(name);
                self.problems.push(wrong_type(value, &pointer, "a string"));
                None
            }
        }
    }

    /// Reports every field that was never requested, with the most similar known name.
    pub fn finish(self) {
        for entry in self.map.entries() {
            let name = entry.key.name.as_str();
            if self.requested.contains(&name) {
                continue;
            }
            let nearest =
                self.requested.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min();
            let help = match nearest {
                Some((distance, known)) if distance <= 2 && distance < known.len() => {
                    format!("did you mean `{known}`?")
                }
                _ => format!("known fields: {}", self.requested.join(", ")),
            };
            self.problems.push(Problem {
                pointer: format!("{}/{}", self.pointer, escape(name)),
                span: entry.key.span.clone(),
                message: format!("unknown field `{name}`"),
                help: Some(help),
            });
        }
    }
}

/// Describes a value of the wrong type.
fn wrong_type(value: &Value, pointer: &str, expected: &str) -> Problem {
    let scalar = !matches!(value.kind, crate::Kind::List(_) | crate::Kind::Map(_));
    let help = (expected == "a string" && scalar).then(|| format!("quote it: \"{}\"", value.show()));
    Problem {
        pointer: pointer.into(),
        span: value.span.clone(),
        message: format!("expected {expected}, found {}", value.describe()),
        help,
    }
}
