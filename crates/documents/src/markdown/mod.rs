//! Reads Markdown as GitHub does: headings with their anchors, links, and code blocks.

mod html;
mod slug;

use std::collections::BTreeSet;
use std::ops::Range;

use artifact::Problem;
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{JoinedText, MAX_DOCUMENT_BYTES, Spanned, check_length, problem};
use slug::Slugs;

/// The maximum number of headings, links, anchors and code blocks, each: generated documents have a few thousand.
const MAX_ITEMS: usize = 10_000;

/// How far before the end of a link its target is searched: it keeps the total search linear.
const TARGET_SEARCH_BYTES: usize = 2048;

/// The parts of a document that refer to others or can be referred to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markdown {
    /// The headings, in order.
    pub headings: Vec<Heading>,
    /// The anchors in HTML: `id` of any element, or `name` of `<a>`.
    pub anchors: Vec<Spanned<String>>,
    /// The links, one per written target: a reference is listed once, at its definition.
    pub links: Vec<Link>,
    /// The labels of references such as `[text][label]` and `[label][]` without a definition. GitHub shows them as plain text.
    pub undefined: Vec<Spanned<String>>,
    /// The code blocks, in order.
    pub code: Vec<Code>,
    /// Every anchor that a link can name.
    targets: BTreeSet<String>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The text, without markup.
    pub text: String,
    /// The anchor that GitHub gives it.
    pub anchor: String,
    /// The byte range.
    pub span: Range<usize>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The target, as input for [`Target::of`](crate::target::Target::of).
    pub target: String,
    /// The byte range of the target; of the whole link if the target contains escapes.
    pub span: Range<usize>,
    /// Whether it is an image.
    pub is_image: bool,
}

/// A code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The info string after the opening fence; empty for indented code.
    pub info: String,
    /// The code, with the positions of its bytes in the document.
    pub body: JoinedText,
    /// The byte range of the code; the start of the block if it is empty.
    pub span: Range<usize>,
}

impl Code {
    /// Returns the code.
    #[must_use]
    pub fn text(&self) -> &str {
        self.body.text()
    }

    /// Returns the language: the first word of the info string, in lower case.
    #[must_use]
    pub fn language(&self) -> String {
        let word = self.info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':')).next();
        word.unwrap_or_default().to_ascii_lowercase()
    }
}

impl Markdown {
    /// Returns whether the document has the anchor of a link to `#name`.
    #[must_use]
    pub fn has_anchor(&self, name: &str) -> bool {
        // HTML §7.4.6.4: the empty fragment and `top` are the start. GitHub itself puts this prefix before every anchor.
        let name = name.strip_prefix("user-content-").unwrap_or(name);
        name.is_empty() || name.eq_ignore_ascii_case("top") || self.targets.contains(name)
    }
}

/// Reads a document, without its front matter.
///
/// # Errors
/// When it is longer than [`MAX_DOCUMENT_BYTES`], or has more than [`MAX_ITEMS`] items of one kind.
pub fn read(text: &str) -> Result<Markdown, Problem> {
    check_length(text.len(), MAX_DOCUMENT_BYTES)?;
    let start = after_front_matter(text);
    let mut undefined = Vec::new();
    let mut collect = |link: BrokenLink<'_>| {
        // A single label in brackets is more often plain text than a reference.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && undefined.len() <= MAX_ITEMS
        {
            undefined.push(Spanned::new(
                link.reference.to_string(),
                start + link.span.start..start + link.span.end,
            ));
        }
        None
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let parser = Parser::new_with_broken_link_callback(&text[start..], options, Some(&mut collect));
    let events = parser.into_offset_iter();
    let mut reader = Reader { text, ..Reader::default() };
    let definitions: Vec<(String, Range<usize>)> = events
        .reference_definitions()
        .iter()
        .map(|(_, defined)| (defined.dest.to_string(), start + defined.span.start..start + defined.span.end))
        .collect();
    for (event, span) in events {
        reader.process(event, start + span.start..start + span.end)?;
    }
    for (target, span) in definitions {
        let is_image = reader.shown.contains(&target);
        reader.link(&target, span, is_image);
    }
    let mut found = reader.found;
    found.undefined = undefined;
    found.links.sort_by_key(|link| link.span.start);
    found.undefined.sort_by_key(|label| label.span.start);
    check_counts(&found)?;
    let named = found.anchors.iter().map(|anchor| anchor.value.clone());
    found.targets = found.headings.iter().map(|heading| heading.anchor.clone()).chain(named).collect();
    Ok(found)
}

/// Returns where the document starts: after front matter, YAML between two `---` lines at the top.
fn after_front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let mut at = match lines.next() {
        Some(first) if first.trim_end() == "---" => first.len(),
        _ => return 0,
    };
    for line in lines {
        at += line.len();
        if line.trim_end() == "---" {
            return at;
        }
    }
    0
}

fn check_counts(found: &Markdown) -> Result<(), Problem> {
    let over = |what: &str| Err(problem(0..0, format!("the document contains more than {MAX_ITEMS} {what}")));
    match () {
        () if found.headings.len() > MAX_ITEMS => over("headings"),
        () if found.links.len() > MAX_ITEMS => over("links"),
        () if found.anchors.len() > MAX_ITEMS => over("anchors"),
        () if found.undefined.len() > MAX_ITEMS => over("undefined references"),
        () if found.code.len() > MAX_ITEMS => over("code blocks"),
        () => Ok(()),
    }
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    found: Markdown,
    slugs: Slugs,
    /// The text of the heading that is being read.
    heading: Option<String>,
    code: Option<Code>,
    html: Option<JoinedText>,
    /// The nesting of images at this position: their text does not belong to a heading.
    images: usize,
    /// The targets of reference images.
    shown: BTreeSet<String>,
}

impl Reader<'_> {
    fn process(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Problem> {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let text = self.heading.take().unwrap_or_default();
                self.add_heading(text, span);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.trim().to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(Code { info, body: JoinedText::default(), span: span.start..span.start });
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(mut code) = self.code.take() {
                    code.span = code.body.span().unwrap_or(code.span);
                    self.found.code.push(code);
                }
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => match link_type {
                LinkType::Email => self.link(&format!("mailto:{dest_url}"), span, false),
                LinkType::Inline | LinkType::Autolink => self.link(&dest_url, span, false),
                _ => {}
            },
            Event::Start(Tag::Image { link_type, dest_url, .. }) => {
                self.images += 1;
                match link_type {
                    LinkType::Inline => self.link(&dest_url, span, true),
                    _ => drop(self.shown.insert(dest_url.to_string())),
                }
            }
            Event::End(TagEnd::Image) => self.images = self.images.saturating_sub(1),
            Event::Start(Tag::HtmlBlock) => self.html = Some(JoinedText::default()),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(html) = self.html.take() {
                    self.process_html(&html);
                }
            }
            Event::Html(text) => {
                if let Some(html) = &mut self.html {
                    html.push(&text, self.text, span);
                }
            }
            Event::InlineHtml(text) => {
                let mut html = JoinedText::default();
                html.push(&text, self.text, span);
                self.process_html(&html);
            }
            Event::Text(text) => match (&mut self.code, &mut self.heading) {
                (Some(code), _) => code.body.push(&text, self.text, span),
                (None, Some(heading)) if self.images == 0 => heading.push_str(&text),
                _ => {}
            },
            Event::Code(text) => self.append_heading(&text),
            Event::SoftBreak | Event::HardBreak => self.append_heading("\n"),
            _ => {}
        }
        check_counts(&self.found)
    }

    /// Appends to the heading that is being read.
    fn append_heading(&mut self, text: &str) {
        if let Some(heading) = self.heading.as_mut().filter(|_| self.images == 0) {
            heading.push_str(text);
        }
    }

    fn add_heading(&mut self, text: String, span: Range<usize>) {
        let anchor = self.slugs.add(&text);
        let length = self.text.get(span.clone()).map_or(span.len(), |text| text.trim_end().len());
        let span = span.start..span.start + length;
        self.found.headings.push(Heading { text, anchor, span });
    }

    fn link(&mut self, target: &str, whole: Range<usize>, is_image: bool) {
        let span = self.find(target, &whole).unwrap_or(whole);
        self.found.links.push(Link { target: target.into(), span, is_image });
    }

    /// Finds the target in the source of the link, near its end: only a title can follow it.
    fn find(&self, target: &str, whole: &Range<usize>) -> Option<Range<usize>> {
        let mut from = whole.start.max(whole.end.saturating_sub(TARGET_SEARCH_BYTES));
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let written = target.strip_prefix("mailto:").unwrap_or(target);
        let at = from + self.text.get(from..whole.end)?.rfind(written).filter(|_| !written.is_empty())?;
        Some(at..at + written.len())
    }

    fn process_html(&mut self, html: &JoinedText) {
        let found = html::scan(html.text());
        for named in found.names {
            self.found.anchors.push(Spanned::new(named.value, html.outer(named.span)));
        }
        for (link, is_image) in found.links {
            let span = html.outer(link.span);
            self.found.links.push(Link { target: link.value, span, is_image });
        }
        for heading in found.headings {
            self.add_heading(heading.value, html.outer(heading.span));
        }
    }
}

#[cfg(test)]
mod tests;
