//! YAML, a strict subset: no anchors, aliases, tags, directives, merge keys or second documents, no scalar that readers differ on.

use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use crate::json::duplicate;
use crate::{Budget, Key, Kind, Limits, Map, SyntaxError, Value};

/// How a plain scalar is read.
type Plain = fn(&str, Range<usize>) -> Result<Kind, SyntaxError>;

/// Reads the document in a range of the text; spans count from the text's own start.
pub(crate) fn parse(
    text: &str,
    range: Range<usize>,
    limits: &Limits,
    plain: Plain,
) -> Result<Value, SyntaxError> {
    let source = &text[range.clone()];
    refuse_control_characters(source, range.start)?;
    refuse_depth(source, range.start, limits)?;
    let mut options = Options::default();
    options.disallow_directives = true;
    options.set_emit_comments(false);
    let mut builder =
        Builder { budget: Budget::new(limits), plain, open: Vec::new(), root: None, documents: 0 };
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| {
            let at = range.start + error.marker().byte_offset().unwrap_or_default().min(source.len());
            SyntaxError::new(at..at, format!("this is no YAML: {}", error.info()))
        })?;
        let bytes = span.byte_range().unwrap_or(0..0);
        builder.take(event, range.start + bytes.start..range.start + bytes.end)?;
    }
    builder.root.ok_or_else(|| SyntaxError::new(range.start..range.start, "the document is empty"))
}

/// YAML 1.2.2 §5.1 forbids most; tabs are legal here and there, and never needed.
fn refuse_control_characters(source: &str, offset: usize) -> Result<(), SyntaxError> {
    let bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    match source.char_indices().find(|(_, c)| bad(*c)) {
        None => Ok(()),
        Some((at, c)) => {
            let name = match c {
                '\t' => "a tab".to_string(),
                '\r' => "a carriage return".to_string(),
                c => format!("the character U+{:04X}", c as u32),
            };
            let span = offset + at..offset + at + c.len_utf8();
            let error = SyntaxError::new(span, format!("{name} stands bare in YAML"));
            Err(error.help("use spaces and LF line ends; write other characters as escapes in double quotes"))
        }
    }
}

/// Bounds the nesting before the parser sees it: brackets outside of quotes, dashes and indentation can each open a level.
fn refuse_depth(source: &str, offset: usize, limits: &Limits) -> Result<(), SyntaxError> {
    let mut brackets = 0usize;
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                b'[' | b'{' => brackets += 1,
                b']' | b'}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            let span = offset + start + at..offset + start + at + 1;
            if brackets > limits.depth * 4 {
                return Err(SyntaxError::new(span, format!("nested deeper than {} levels", limits.depth)));
            }
        }
        let indent = line.len() - line.trim_start_matches([' ', '-', '?']).len();
        if indent > limits.depth * 16 {
            let span = offset + start..offset + start + indent;
            return Err(SyntaxError::new(span, format!("nested deeper than {} levels", limits.depth)));
        }
        start += line.len();
    }
    Ok(())
}

/// A list or map that is still being read.
enum Open {
    List { start: usize, list: Vec<Value> },
    Map { start: usize, map: Map, key: Option<Key> },
}

struct Builder<'l> {
    budget: Budget<'l>,
    plain: Plain,
    open: Vec<Open>,
    root: Option<Value>,
    documents: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(SyntaxError::new(span, "a second document begins")
                        .help("one file holds one document"));
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(SyntaxError::new(span, "an alias stands here").help("write the value out"));
            }
            Event::Anchor(..) => return Err(anchored(span)),
            Event::Scalar(text, style, anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                let kind = match style {
                    ScalarStyle::Plain => (self.plain)(&text, span.clone())?,
                    _ => Kind::String(text.into_owned()),
                };
                self.value(Value { kind, span })?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                self.budget.depth(self.open.len() + 1, &span)?;
                self.open.push(Open::List { start: span.start, list: Vec::new() });
            }
            Event::MappingStart(_, anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                self.budget.depth(self.open.len() + 1, &span)?;
                self.open.push(Open::Map { start: span.start, map: Map::default(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (start, kind) = match self.open.pop() {
                    Some(Open::List { start, list }) => (start, Kind::List(list)),
                    Some(Open::Map { start, map, .. }) => (start, Kind::Map(map)),
                    None => return Err(SyntaxError::new(span, "something ends that did not begin")),
                };
                self.value(Value { kind, span: start..span.end.max(start) })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn value(&mut self, value: Value) -> Result<(), SyntaxError> {
        self.budget.node(&value.span)?;
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open::List { list, .. }) => list.push(value),
            Some(Open::Map { map, key, .. }) => match key.take() {
                Some(key) => {
                    let span = key.span.clone();
                    map.insert(key, value).map_err(|first| duplicate(span, &first))?;
                }
                None => {
                    let Kind::String(name) = value.kind else {
                        let message = format!("a key is {}, not a text", value.describe());
                        return Err(SyntaxError::new(value.span, message).help("quote it"));
                    };
                    *key = Some(Key { name, span: value.span });
                }
            },
        }
        Ok(())
    }
}

fn refuse_properties(anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), SyntaxError> {
    if anchor != 0 {
        return Err(anchored(span.clone()));
    }
    if tagged {
        return Err(SyntaxError::new(span.clone(), "a tag stands here")
            .help("leave it out, and quote the value if it is a text"));
    }
    Ok(())
}

fn anchored(span: Range<usize>) -> SyntaxError {
    SyntaxError::new(span, "an anchor stands here")
        .help("leave it out, and write the value out where it is used")
}
