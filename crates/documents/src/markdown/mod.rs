//! Markdown as GitHub reads it: its headings and their anchors, its links, and the code that stands in it.

mod html;
mod slug;

use std::collections::BTreeSet;
use std::ops::Range;

use artifact::Problem;
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{At, Gathered, LARGEST, problem, refuse_length};
use slug::Slugs;

/// The most headings, links, anchors or blocks of code of one document.
const MOST: usize = 10_000;

/// How far from a link's end its target is looked for, to point at it alone.
const NEAR: usize = 2048;

/// A document, as far as others refer to it and it refers to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markdown {
    /// The headings, in order.
    pub headings: Vec<Heading>,
    /// What HTML names by `id`, or by `name` in an `<a>`.
    pub anchors: Vec<At<String>>,
    /// The links: where each target is written, so that one of a reference stands once, at its definition.
    pub links: Vec<Link>,
    /// The labels of references like `[text][label]` and `[label][]` that nothing defines. GitHub shows them as they are written.
    pub undefined: Vec<At<String>>,
    /// The blocks of code, in order.
    pub code: Vec<Code>,
    /// Every name that a link can lead to.
    places: BTreeSet<String>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What it says, without markup.
    pub text: String,
    /// The name GitHub links to it by.
    pub anchor: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is linked to, as [`Target::of`](crate::target::Target::of) takes it.
    pub target: String,
    /// Where the target is written; all of the link where it is written in escapes.
    pub span: Range<usize>,
    /// Whether it is shown in its place.
    pub is_image: bool,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What stands behind the opening fence; empty for indented code.
    pub info: String,
    /// The code, which knows where its bytes stand in the document.
    pub body: Gathered,
    /// Where the code stands; where its block begins if it is empty.
    pub span: Range<usize>,
}

impl Code {
    /// Returns the code.
    #[must_use]
    pub fn text(&self) -> &str {
        self.body.text()
    }

    /// Returns the language: the first word behind the fence, in lower case.
    #[must_use]
    pub fn language(&self) -> String {
        let word = self.info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':')).next();
        word.unwrap_or_default().to_ascii_lowercase()
    }
}

impl Markdown {
    /// Tells whether a link to `#name` leads to a place in the document.
    #[must_use]
    pub fn has_anchor(&self, name: &str) -> bool {
        // HTML §7.4.6.4: the empty fragment and `top` are the beginning. GitHub writes this before every name itself.
        let name = name.strip_prefix("user-content-").unwrap_or(name);
        name.is_empty() || name.eq_ignore_ascii_case("top") || self.places.contains(name)
    }
}

/// Reads a document. Front matter is none of it.
///
/// # Errors
/// When it is longer than [`LARGEST`], or holds more of something than a document does.
pub fn read(text: &str) -> Result<Markdown, Problem> {
    refuse_length(text.len(), LARGEST)?;
    let start = behind_front_matter(text);
    let mut undefined = Vec::new();
    let mut collect = |link: BrokenLink<'_>| {
        // A label alone in brackets is prose more often than a reference.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && undefined.len() <= MOST {
            undefined
                .push(At::new(link.reference.to_string(), start + link.span.start..start + link.span.end));
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
        reader.take(event, start + span.start..start + span.end)?;
    }
    for (target, span) in definitions {
        let is_image = reader.shown.contains(&target);
        reader.link(&target, span, is_image);
    }
    let mut found = reader.found;
    found.undefined = undefined;
    found.links.sort_by_key(|link| link.span.start);
    found.undefined.sort_by_key(|label| label.span.start);
    within(&found)?;
    let named = found.anchors.iter().map(|anchor| anchor.value.clone());
    found.places = found.headings.iter().map(|heading| heading.anchor.clone()).chain(named).collect();
    Ok(found)
}

/// Returns where the document begins: behind YAML between two `---` lines at its head, which GitHub shows apart.
fn behind_front_matter(text: &str) -> usize {
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

fn within(found: &Markdown) -> Result<(), Problem> {
    let over = |what: &str| Err(problem(0..0, format!("the document holds more than {MOST} {what}")));
    match () {
        () if found.headings.len() > MOST => over("headings"),
        () if found.links.len() > MOST => over("links"),
        () if found.anchors.len() > MOST => over("anchors"),
        () if found.undefined.len() > MOST => over("references to nothing"),
        () if found.code.len() > MOST => over("blocks of code"),
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
    html: Option<Gathered>,
    /// How many images the reader is inside of: their text is no heading's.
    images: usize,
    /// The targets that references show as images.
    shown: BTreeSet<String>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Problem> {
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
                self.code = Some(Code { info, body: Gathered::default(), span: span.start..span.start });
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
            Event::Start(Tag::HtmlBlock) => self.html = Some(Gathered::default()),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(html) = self.html.take() {
                    self.take_html(&html);
                }
            }
            Event::Html(text) => {
                if let Some(html) = &mut self.html {
                    html.push(&text, self.text, span);
                }
            }
            Event::InlineHtml(text) => {
                let mut html = Gathered::default();
                html.push(&text, self.text, span);
                self.take_html(&html);
            }
            Event::Text(text) => match (&mut self.code, &mut self.heading) {
                (Some(code), _) => code.body.push(&text, self.text, span),
                (None, Some(heading)) if self.images == 0 => heading.push_str(&text),
                _ => {}
            },
            Event::Code(text) => self.say(&text),
            Event::SoftBreak | Event::HardBreak => self.say("\n"),
            _ => {}
        }
        within(&self.found)
    }

    /// Adds to the heading that is being read.
    fn say(&mut self, text: &str) {
        if let Some(heading) = self.heading.as_mut().filter(|_| self.images == 0) {
            heading.push_str(text);
        }
    }

    fn add_heading(&mut self, text: String, span: Range<usize>) {
        let anchor = self.slugs.give(&text);
        let length = self.text.get(span.clone()).map_or(span.len(), |text| text.trim_end().len());
        let span = span.start..span.start + length;
        self.found.headings.push(Heading { text, anchor, span });
    }

    fn link(&mut self, target: &str, whole: Range<usize>, is_image: bool) {
        let span = self.find(target, &whole).unwrap_or(whole);
        self.found.links.push(Link { target: target.into(), span, is_image });
    }

    /// Finds the target in what is written, near its end: behind it only a title follows.
    fn find(&self, target: &str, whole: &Range<usize>) -> Option<Range<usize>> {
        let mut from = whole.start.max(whole.end.saturating_sub(NEAR));
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let written = target.strip_prefix("mailto:").unwrap_or(target);
        let at = from + self.text.get(from..whole.end)?.rfind(written).filter(|_| !written.is_empty())?;
        Some(at..at + written.len())
    }

    fn take_html(&mut self, html: &Gathered) {
        let found = html::scan(html.text());
        for named in found.names {
            self.found.anchors.push(At::new(named.value, html.outer(named.span)));
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
