//! From values to typed data: every problem is collected, each with its place and a way out.

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
    /// The bytes at fault.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub help: Option<String>,
}

impl Problem {
    /// Creates a problem of a range of bytes, without a pointer and without help.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { pointer: String::new(), span, message: message.into(), help: None }
    }
}

/// The fields of a map, asked for one by one; what was never asked for is unknown.
pub struct Fields<'v, 'p> {
    map: &'v Map,
    span: Range<usize>,
    pointer: String,
    asked: Vec<&'static str>,
    problems: &'p mut Vec<Problem>,
}

impl<'v, 'p> Fields<'v, 'p> {
    /// Starts reading a map; anything else is a problem.
    pub fn of(value: &'v Value, pointer: &str, problems: &'p mut Vec<Problem>) -> Option<Fields<'v, 'p>> {
        match value.as_map() {
            Some(map) => Some(Fields {
                map,
                span: value.span.clone(),
                pointer: pointer.into(),
                asked: Vec::new(),
                problems,
            }),
            None => {
                problems.push(wrong(value, pointer, "a map"));
                None
            }
        }
    }

    /// Returns the pointer of a field.
    #[must_use]
    pub fn pointer_of(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, escape(name))
    }

    /// Reports a problem with a value below this map.
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

    /// Returns the place where problems are collected, for reading nested values.
    pub fn problems(&mut self) -> &mut Vec<Problem> {
        self.problems
    }

    /// Returns a field's value, if it stands.
    pub fn optional(&mut self, name: &'static str) -> Option<&'v Value> {
        self.asked.push(name);
        self.map.get(name)
    }

    /// Returns a field's value; its absence is a problem.
    pub fn required(&mut self, name: &'static str) -> Option<&'v Value> {
        let value = self.optional(name);
        if value.is_none() {
            let start = self.span.start;
            self.problem(name, start..start, format!("the field `{name}` is missing"), None);
        }
        value
    }

    /// Returns an optional text.
    pub fn optional_str(&mut self, name: &'static str) -> Option<(&'v str, &'v Value)> {
        let value = self.optional(name)?;
        self.text(name, value)
    }

    /// Returns a required text.
    pub fn required_str(&mut self, name: &'static str) -> Option<(&'v str, &'v Value)> {
        let value = self.required(name)?;
        self.text(name, value)
    }

    /// Returns an optional list.
    pub fn optional_list(&mut self, name: &'static str) -> Option<&'v [Value]> {
        let value = self.optional(name)?;
        let list = value.as_list();
        if list.is_none() {
            let pointer = self.pointer_of(name);
            self.problems.push(wrong(value, &pointer, "a list"));
        }
        list
    }

    fn text(&mut self, name: &str, value: &'v Value) -> Option<(&'v str, &'v Value)> {
        match value.as_str() {
            Some(text) => Some((text, value)),
            None => {
                let pointer = self.pointer_of(name);
                self.problems.push(wrong(value, &pointer, "a text"));
                None
            }
        }
    }

    /// Ends the reading: fields that nobody asked for are problems, with the nearest known name.
    pub fn finish(self) {
        for entry in self.map.entries() {
            let name = entry.key.name.as_str();
            if self.asked.contains(&name) {
                continue;
            }
            let nearest =
                self.asked.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min();
            let help = match nearest {
                Some((distance, known)) if distance <= 2 && distance < known.len() => {
                    format!("did you mean `{known}`?")
                }
                _ => format!("known fields: {}", self.asked.join(", ")),
            };
            self.problems.push(Problem {
                pointer: format!("{}/{}", self.pointer, escape(name)),
                span: entry.key.span.clone(),
                message: format!("the field `{name}` is not known here"),
                help: Some(help),
            });
        }
    }
}

/// Says that a value is of the wrong kind.
fn wrong(value: &Value, pointer: &str, expected: &str) -> Problem {
    let scalar = !matches!(value.kind, crate::Kind::List(_) | crate::Kind::Map(_));
    let help = (expected == "a text" && scalar).then(|| format!("quote it: \"{}\"", value.show()));
    Problem {
        pointer: pointer.into(),
        span: value.span.clone(),
        message: format!("expected {expected}, found {}", value.describe()),
        help,
    }
}
