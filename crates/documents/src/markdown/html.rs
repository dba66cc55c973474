//! Scans the HTML in a document for anchors, links and headings.

use std::ops::Range;

use crate::Spanned;

/// What a scan of HTML found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The anchors: `id` of any element, and `name` of `<a>`.
    pub(crate) names: Vec<Spanned<String>>,
    /// The targets of `<a href>` and `<img src>`, and whether it is an image.
    pub(crate) links: Vec<(Spanned<String>, bool)>,
    /// The texts of `<h1>` to `<h6>`, without tags; the range is from the start of the tag to the end of the text.
    pub(crate) headings: Vec<Spanned<String>>,
}

/// Elements whose content is raw text (HTML §13.1.2).
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// Scans HTML; an unclosed tag ends the scan, as in a browser.
pub(crate) fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let mut heading: Option<(usize, usize)> = None;
    let mut at = 0;
    while let Some(open) = find(text, at, "<") {
        let rest = &text[open + 1..];
        if rest.starts_with("!--") {
            let Some(end) = find(text, open + 4, "-->") else { break };
            at = end + 3;
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let Some(end) = tag(text, open, &mut found) else { break };
            let name = name(rest);
            at = match RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
                Some(raw) => match closing(text, end, raw) {
                    Some(close) => close,
                    None => break,
                },
                None => end,
            };
            if is_heading(name) {
                heading = Some((open, end));
            }
        } else {
            let ends = rest.strip_prefix('/').map(name).is_some_and(is_heading);
            if let Some((start, inside)) = heading.take_if(|_| ends) {
                found.headings.push(Spanned::new(without_tags(&text[inside..open]), start..open));
            }
            at = open + 1;
        }
    }
    found
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    Some(from + text.get(from..)?.find(what)?)
}

fn name(rest: &str) -> &str {
    let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    &rest[..end.unwrap_or(rest.len())]
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

/// Returns where the closing tag of an element starts.
fn closing(text: &str, from: usize, element: &str) -> Option<usize> {
    let mut at = from;
    while let Some(close) = find(text, at, "</") {
        let same = text.get(close + 2..close + 2 + element.len());
        if same.is_some_and(|name| name.eq_ignore_ascii_case(element)) {
            return Some(close);
        }
        at = close + 2;
    }
    None
}

/// Reads a tag's attributes (HTML §13.1.2.3); returns where the tag ends.
fn tag(text: &str, open: usize, found: &mut Found) -> Option<usize> {
    let bytes = text.as_bytes();
    let element = name(&text[open + 1..]);
    let mut at = open + 1 + element.len();
    let skip = |from: usize, stays: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| !stays(*byte)).map_or(bytes.len(), |length| from + length)
    };
    loop {
        at = skip(at, &|byte| byte.is_ascii_whitespace() || byte == b'/');
        if *bytes.get(at)? == b'>' {
            return Some(at + 1);
        }
        let start = at;
        // HTML §13.2.5.32: an equals sign at the start of a name belongs to it.
        at = skip(at + 1, &|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let attribute = start..at;
        let equals = skip(at, &|byte| byte.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        let start = skip(equals + 1, &|byte| byte.is_ascii_whitespace());
        let value = match *bytes.get(start)? {
            quote @ (b'"' | b'\'') => {
                let end = skip(start + 1, &|byte| byte != quote);
                bytes.get(end)?;
                at = end + 1;
                start + 1..end
            }
            _ => {
                at = skip(start, &|byte| !byte.is_ascii_whitespace() && byte != b'>');
                start..at
            }
        };
        attribute_of(text, element, attribute, value, found);
    }
}

fn attribute_of(text: &str, element: &str, name: Range<usize>, value: Range<usize>, found: &mut Found) {
    // A name may contain any byte: it is compared, never shown.
    let name = &text.as_bytes()[name];
    let is = |element_name: &str, attribute: &str| {
        (element_name.is_empty() || element.eq_ignore_ascii_case(element_name))
            && name.eq_ignore_ascii_case(attribute.as_bytes())
    };
    let value = Spanned::new(unescape(text[value.clone()].trim()), value);
    match () {
        () if is("", "id") || is("a", "name") => found.names.push(value),
        () if is("a", "href") => found.links.push((value, false)),
        () if is("img", "src") => found.links.push((value, true)),
        () => {}
    }
}

/// Resolves the character references that XML also has; keeps others unchanged.
fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.into(), Into::into)
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    unescape(plain.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_links_and_headings_are_found() {
        let text = "<h1 align=center>Local <b>Preview</b> &amp; more</h1>\n<A NAME='top' href = \"a.md?x=1&amp;y=2\">\n\
                    <p id=here><img alt=\"a > b\" src=logo.png/><!-- <a href=no> --><script>'<a href=no>'</SCRIPT>\
                    <br/><a =x href='b.md' é='c'></a>";
        let found = scan(text);
        let names: Vec<&str> = found.names.iter().map(|name| name.value.as_str()).collect();
        assert_eq!(names, ["top", "here"]);
        assert_eq!(&text[found.names[1].span.clone()], "here");
        let links: Vec<_> = found.links.iter().map(|(link, image)| (link.value.as_str(), *image)).collect();
        assert_eq!(links, [("a.md?x=1&y=2", false), ("logo.png/", true), ("b.md", false)]);
        assert_eq!(found.headings[0].value, "Local Preview & more");
    }

    #[test]
    fn an_unclosed_tag_ends_the_scan() {
        for text in ["<a href=\"x", "<a href=", "<a", "<!-- <a href=x>", "<script><a href=x>", "<"] {
            assert!(scan(text).links.is_empty(), "{text}");
        }
        let hostile = "<a href='".repeat(100_000) + &"<h1>".repeat(100_000) + &"</h1>".repeat(100_000);
        assert!(scan(&hostile).links.len() <= 100_000);
    }
}
