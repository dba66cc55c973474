//! Reads Cobertura XML; expands only the predefined entities and reads no DTD.

use std::ops::Range;

use artifact::Problem;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Coverage, MAX_SOURCES};
use crate::problem;

/// The maximum nesting of elements; Cobertura needs 7.
const MAX_ELEMENT_DEPTH: usize = 32;

/// Reads a report.
pub(super) fn read(text: &str) -> Result<Coverage, Problem> {
    let mut reader = Reader::from_str(text);
    let mut found = Found { coverage: Coverage::default(), file: None, source: None };
    let mut depth = 0;
    let mut begun = false;
    loop {
        let start = place(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = floor(text, place(reader.error_position()));
            problem(at..at, format!("invalid XML: {error}"))
        })?;
        let span = floor(text, start)..floor(text, place(reader.buffer_position()));
        let wrong = |message: &str| Err(problem(span.clone(), message));
        match event {
            Event::Start(element) => {
                if !begun && element.name().as_ref() != b"coverage" {
                    return wrong("the report does not start with `<coverage>`");
                }
                begun = true;
                depth += 1;
                if depth > MAX_ELEMENT_DEPTH {
                    return wrong("elements are nested too deeply");
                }
                found.begin(&element, &span)?;
            }
            Event::Empty(element) => {
                if !begun {
                    return wrong("the report does not start with `<coverage>`, or is empty");
                }
                found.begin(&element, &span)?;
                found.end(element.name().as_ref());
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                found.end(element.name().as_ref());
            }
            Event::Text(text) => found.append_source(&text),
            Event::CData(text) => found.append_source(&text),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", String::from_utf8_lossy(&reference));
                match quick_xml::escape::unescape(&written) {
                    Ok(text) => found.append_source(text.as_bytes()),
                    Err(_) => return wrong("unknown XML entity"),
                }
            }
            // XML 1.0 §2.8: the internal subset, in brackets, could define entities.
            Event::DocType(doctype) if doctype.contains(&b'[') => {
                return wrong("the report contains an inline DTD");
            }
            Event::DocType(_) | Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if depth > 0 => return wrong("the report is truncated: an element is not closed"),
            Event::Eof => return Ok(found.coverage),
        }
    }
}

struct Found {
    coverage: Coverage,
    /// The file of the class that is being read.
    file: Option<String>,
    /// The text of the source that is being read.
    source: Option<String>,
}

impl Found {
    fn begin(&mut self, element: &BytesStart<'_>, span: &Range<usize>) -> Result<(), Problem> {
        let wrong = |message: &str| Err(problem(span.clone(), message));
        match element.name().as_ref() {
            b"source" => {
                if self.coverage.sources.len() == MAX_SOURCES {
                    return wrong("the report has more than 16 sources");
                }
                self.source = Some(String::new());
            }
            b"class" => match attribute(element, b"filename", span)?.filter(|file| !file.is_empty()) {
                Some(file) => {
                    if !self.coverage.files.contains_key(&file) {
                        self.coverage.files.insert(file.clone(), super::FileLines::new());
                    }
                    self.file = Some(file);
                }
                None => return wrong("the class has no `filename`"),
            },
            b"line" => {
                let digits =
                    |text: &String| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
                let number = attribute(element, b"number", span)?.filter(digits);
                let number = number.and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                let hits = attribute(element, b"hits", span)?.filter(digits);
                let (Some(file), Some(number), Some(hits)) = (&self.file, number, hits) else {
                    return wrong(
                        "`<line>` must be inside `<class>` and have the attributes `number` and `hits`",
                    );
                };
                let hit = hits.bytes().any(|byte| byte != b'0');
                self.coverage.add(file, number, hit);
            }
            _ => {}
        }
        Ok(())
    }

    fn append_source(&mut self, text: &[u8]) {
        if let Some(source) = &mut self.source {
            source.push_str(&String::from_utf8_lossy(text));
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"source" => {
                let source = self.source.take().unwrap_or_default().trim().to_string();
                self.coverage.sources.extend((!source.is_empty()).then_some(source));
            }
            b"class" => self.file = None,
            _ => {}
        }
    }
}

/// Returns an attribute's value.
fn attribute(element: &BytesStart<'_>, name: &[u8], span: &Range<usize>) -> Result<Option<String>, Problem> {
    // Duplicates are checked for this attribute only: the parser's own check takes quadratic time.
    let mut found = None;
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| problem(span.clone(), format!("invalid XML: {error}")))?;
        if attribute.key.as_ref() != name {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| problem(span.clone(), format!("invalid XML: {error}")))?;
        if found.replace(value.into_owned()).is_some() {
            return Err(problem(span.clone(), "duplicate attribute"));
        }
    }
    Ok(found)
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
