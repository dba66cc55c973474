//! A strict subset of YAML: no anchors, aliases, tags, directives, merge keys, further documents or ambiguous scalars.

use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use crate::json::duplicate_key;
use crate::{Budget, Key, Kind, Limits, Map, SyntaxError, Value};

/// Reads a plain scalar.
type ReadPlain = fn(&str, Range<usize>) -> Result<Kind, SyntaxError>;

/// Reads the document in a range of the text; spans are relative to the start of the text.
pub(crate) fn parse(
    text: &str,
    range: Range<usize>,
    limits: &Limits,
    plain: ReadPlain,
) -> Result<Value, SyntaxError> {
    let source = &text[range.clone()];
    reject_control_characters(source, range.start)?;
    reject_depth(source, range.start, limits)?;
    let mut options = Options::default();
    options.disallow_directives = true;
    options.set_emit_comments(false);
    let mut builder =
        Builder { budget: Budget::new(limits), plain, open: Vec::new(), root: None, documents: 0 };
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| {
            let at = range.start + error.marker().byte_offset().unwrap_or_default().min(source.len());
            SyntaxError::new(at..at, format!("invalid YAML: {}", error.info()))
        })?;
        let bytes = span.byte_range().unwrap_or(0..0);
        builder.accept(event, range.start + bytes.start..range.start + bytes.end)?;
    }
    builder.root.ok_or_else(|| SyntaxError::new(range.start..range.start, "the document is empty"))
}

/// YAML 1.2.2 §5.1 forbids most control characters; tabs are legal in some positions and never needed.
fn reject_control_characters(source: &str, offset: usize) -> Result<(), SyntaxError> {
    let bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    match source.char_indices().find(|(_, c)| bad(*c)) {
        None => Ok(()),
        Some((at, c)) => {
            let before = &source[..at];
            let is_indentation = before.rsplit('\n').next().is_some_and(|line| line.trim_start().is_empty());
            let message = match c {
                '\t' if is_indentation => "tabs are not allowed in YAML indentation".to_string(),
                '\t' => "unescaped tabs are not supported in YAML".to_string(),
                '\r' => "carriage returns are not supported in YAML".to_string(),
                c => format!("unescaped character U+{:04X} in YAML", c as u32),
            };
            let help = match c {
                '\t' if is_indentation => "indent with spaces",
                '\t' => "use spaces, or write `\\t` in double quotes",
                '\r' => "save the file with LF line endings",
                _ => "write it as an escape in double quotes",
            };
            Err(SyntaxError::new(offset + at..offset + at + c.len_utf8(), message).help(help))
        }
    }
}

/// Limits the nesting before the parser runs: each bracket, dash and level of indentation can open a level.
fn reject_depth(source: &str, offset: usize, limits: &Limits) -> Result<(), SyntaxError> {
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

/// An array or mapping that is not closed yet.
enum Open {
    List { start: usize, list: Vec<Value> },
    Map { start: usize, map: Map, key: Option<Key> },
}

struct Builder<'l> {
    budget: Budget<'l>,
    plain: ReadPlain,
    open: Vec<Open>,
    root: Option<Value>,
    documents: usize,
}

impl Builder<'_> {
    fn accept(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(SyntaxError::new(
                        span,
                        "multiple YAML documents in one file are not supported",
                    )
                    .help("keep one document, and move the others to files of their own"));
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(
                    SyntaxError::new(span, "YAML aliases are not supported").help("repeat the value instead")
                );
            }
            Event::Anchor(..) => return Err(anchored(span)),
            Event::Scalar(text, style, anchor, tag) => {
                reject_properties(anchor, tag.is_some(), &span)?;
                if self.open.is_empty() && matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    // YAML 1.2 allows its lines without indentation; YAML 1.1 readers end it there.
                    return Err(SyntaxError::new(
                        span,
                        "a document that is one block scalar is not supported",
                    ));
                }
                let kind = match style {
                    ScalarStyle::Plain => (self.plain)(&text, span.clone())?,
                    _ => Kind::String(text.into_owned()),
                };
                self.value(Value::new(kind, span))?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                reject_properties(anchor, tag.is_some(), &span)?;
                self.budget.depth(self.open.len() + 1, &span)?;
                self.open.push(Open::List { start: span.start, list: Vec::new() });
            }
            Event::MappingStart(_, anchor, tag) => {
                reject_properties(anchor, tag.is_some(), &span)?;
                self.budget.depth(self.open.len() + 1, &span)?;
                self.open.push(Open::Map { start: span.start, map: Map::default(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (start, kind) = match self.open.pop() {
                    Some(Open::List { start, list }) => (start, Kind::List(list)),
                    Some(Open::Map { start, map, .. }) => (start, Kind::Map(map)),
                    None => return Err(SyntaxError::new(span, "unbalanced end of a collection")),
                };
                self.value(Value::new(kind, start..span.end.max(start)))?;
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
                    map.insert(key, value).map_err(|first| duplicate_key(span, &first))?;
                }
                None => {
                    let Kind::String(name) = value.kind else {
                        let message = format!("expected a string as key, found {}", value.describe());
                        return Err(SyntaxError::new(value.span, message).help("quote it"));
                    };
                    *key = Some(Key { name, span: value.span });
                }
            },
        }
        Ok(())
    }
}

fn reject_properties(anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), SyntaxError> {
    if anchor != 0 {
        return Err(anchored(span.clone()));
    }
    if tagged {
        return Err(SyntaxError::new(span.clone(), "YAML tags are not supported")
            .help("remove it, and quote the value if it is a string"));
    }
    Ok(())
}

fn anchored(span: Range<usize>) -> SyntaxError {
    SyntaxError::new(span, "YAML anchors are not supported")
        .help("remove it, and repeat the value where it is used")
}
