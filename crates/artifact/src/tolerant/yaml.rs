//! YAML 1.2 with anchors, aliases, merge keys, tags, directives and several documents.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};

use super::core_schema;
use super::merge::{copied, merge};
use crate::json::duplicate_key;
use crate::value::Notation;
use crate::{Budget, Key, Kind, Map, SyntaxError, Value};

/// How much deeper than the limit of values the parser itself may nest: an indented list in a mapping opens two levels at once.
const PARSER_DEPTH_FACTOR: usize = 2;

/// Reads the documents of a range of the text; spans are relative to the start of the text.
pub(super) fn read(
    text: &str,
    range: Range<usize>,
    budget: &mut Budget<'_>,
) -> Result<Vec<Value>, SyntaxError> {
    let source = &text[range.clone()];
    reject_unprintable_characters(source, range.start)?;
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = budget.limits().depth * PARSER_DEPTH_FACTOR;
    options.block_nesting_limit = budget.limits().depth * PARSER_DEPTH_FACTOR;
    let mut builder = Builder {
        text,
        budget,
        open: Vec::new(),
        documents: Vec::new(),
        anchors: BTreeMap::new(),
        anchored_values: 0,
    };
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.map_err(|error| {
            let at = range.start + error.marker().byte_offset().unwrap_or_default().min(source.len());
            SyntaxError::new(at..at, format!("invalid YAML: {}", error.info()))
        })?;
        let bytes = span.byte_range().unwrap_or(0..0);
        builder.accept(event, range.start + bytes.start..range.start + bytes.end)?;
    }
    Ok(builder.documents)
}

/// YAML 1.2.2 §5.1 lists the characters that a document may contain unescaped.
fn reject_unprintable_characters(source: &str, offset: usize) -> Result<(), SyntaxError> {
    // Most documents contain nothing else.
    if source.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) {
        return Ok(());
    }
    let bad = |c: char| {
        c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}') || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let Some((at, found)) = source.char_indices().find(|(_, c)| bad(*c)) else { return Ok(()) };
    let message = format!("unescaped character U+{:04X} in YAML", found as u32);
    let span = offset + at..offset + at + found.len_utf8();
    Err(SyntaxError::new(span, message).help("write it as an escape in double quotes"))
}

/// An array or mapping that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map {
        map: Map,
        key: Option<MapKey>,
        /// The value of `<<`, and its key.
        merged: Option<(Key, Value)>,
    },
}

enum MapKey {
    Own(Key),
    Merge(Key),
}

struct Builder<'t, 'b, 'l> {
    text: &'t str,
    budget: &'b mut Budget<'l>,
    open: Vec<Open>,
    documents: Vec<Value>,
    /// The values of the anchors of this document that are complete.
    anchors: BTreeMap<usize, Value>,
    /// How many values the anchors keep.
    anchored_values: usize,
}

impl Builder<'_, '_, '_> {
    fn accept(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::Alias(anchor) => {
                let Some(value) = self.anchors.get(&anchor) else {
                    let message = "the alias is inside of the value that it names, so the value has no end";
                    return Err(SyntaxError::new(span, message).help("name another value, or write it out"));
                };
                if !self.expects_key() {
                    copied(value, self.open.len(), self.budget)?;
                }
                let value = value.clone();
                self.place(value)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let text = if span.is_empty() && style == ScalarStyle::Plain { "".into() } else { text };
                let tag = tag.map(|tag| resolved(&tag));
                self.scalar(&text, style, anchor, tag, span)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                let content = Content::List(Vec::new());
                self.start(content, anchor, tag.map(|tag| resolved(&tag)), span)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { map: Map::default(), key: None, merged: None };
                self.start(content, anchor, tag.map(|tag| resolved(&tag)), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            _ => {}
        }
        Ok(())
    }

    fn start(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<String>,
        span: Range<usize>,
    ) -> Result<(), SyntaxError> {
        if self.expects_key() {
            let message = "an array or a mapping as a key is not supported";
            return Err(SyntaxError::new(span, message).help("write a string as the key"));
        }
        self.budget.depth(self.open.len() + 1, &span)?;
        self.open.push(Open { start: span.start, anchor, tag, content });
        Ok(())
    }

    fn end(&mut self, span: Range<usize>) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else {
            return Err(SyntaxError::new(span, "unbalanced end of a collection"));
        };
        let kind = match open.content {
            Content::List(list) => Kind::List(list),
            Content::Map { mut map, merged, .. } => {
                if let Some((_, value)) = merged {
                    merge(&mut map, &value, self.open.len() + 1, self.budget)?;
                }
                Kind::Map(map)
            }
        };
        // A block collection ends where the next token starts: cut the space between.
        let end = span.end.max(open.start);
        let end = open.start + self.text[open.start..end].trim_end().len();
        let mut value = Value::new(kind, open.start..end);
        value.notation = open.tag.map(|tag| Box::new(Notation { tag: Some(tag), ..Notation::default() }));
        self.budget.node(&value.span)?;
        self.keep(open.anchor, &value)?;
        self.place(value)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<String>,
        span: Range<usize>,
    ) -> Result<(), SyntaxError> {
        let is_key = self.expects_key();
        if is_key && style == ScalarStyle::Plain && text == "<<" {
            self.set_key(MapKey::Merge(Key { name: text.into(), span }));
            return Ok(());
        }
        if is_key && anchor == 0 {
            // A key is its source text, whatever it would be as a value.
            self.set_key(MapKey::Own(Key { name: text.into(), span }));
            return Ok(());
        }
        let (kind, notation) = match style {
            ScalarStyle::Plain => core_schema::read(text),
            _ => (Kind::String(text.into()), Notation::default()),
        };
        let notation = Notation { tag, ..notation };
        let mut value = Value::new(kind, span);
        value.notation = (notation != Notation::default()).then(|| Box::new(notation));
        if !is_key {
            self.budget.node(&value.span)?;
        }
        self.keep(anchor, &value)?;
        if is_key {
            self.set_key(MapKey::Own(Key { name: text.into(), span: value.span }));
            return Ok(());
        }
        self.place(value)
    }

    /// Keeps the value of an anchor for its aliases.
    fn keep(&mut self, anchor: usize, value: &Value) -> Result<(), SyntaxError> {
        if anchor == 0 {
            return Ok(());
        }
        self.anchored_values += size(value);
        if self.anchored_values > self.budget.limits().nodes {
            let message = format!("anchors name more than {} values", self.budget.limits().nodes);
            return Err(SyntaxError::new(value.span.clone(), message));
        }
        self.anchors.insert(anchor, value.clone());
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn set_key(&mut self, name: MapKey) {
        if let Some(Open { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(name);
        }
    }

    /// Puts a value where the document has it; as a key, it must be a scalar.
    fn place(&mut self, value: Value) -> Result<(), SyntaxError> {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(value);
            return Ok(());
        };
        match &mut open.content {
            Content::List(list) => list.push(value),
            Content::Map { map, key, merged } => match key.take() {
                Some(MapKey::Own(key)) => {
                    let span = key.span.clone();
                    map.insert(key, value).map_err(|first| duplicate_key(span, &first))?;
                }
                Some(MapKey::Merge(name)) => match merged {
                    None => *merged = Some((name, value)),
                    Some((first, _)) => return Err(duplicate_key(name.span, first)),
                },
                None => {
                    let Some(name) = value.source_text() else {
                        let message = format!("expected a string as key, found {}", value.describe());
                        return Err(SyntaxError::new(value.span, message).help("write a string as the key"));
                    };
                    *key = Some(MapKey::Own(Key { name: name.into_owned(), span: value.span.clone() }));
                }
            },
        }
        Ok(())
    }
}

/// The tag with its handle resolved, as in `tag:yaml.org,2002:str`.
fn resolved(tag: &Tag) -> String {
    format!("{}{}", tag.handle(), tag.suffix())
}

/// Returns the number of values in a value.
fn size(value: &Value) -> usize {
    1 + match &value.kind {
        Kind::List(list) => list.iter().map(size).sum(),
        Kind::Map(map) => map.entries().map(|entry| size(&entry.value)).sum(),
        _ => 0,
    }
}
