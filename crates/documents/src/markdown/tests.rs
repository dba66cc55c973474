//! Tests of reading links, anchors and code from valid and hostile documents.

use super::*;

fn links(text: &str) -> Vec<(String, String, bool)> {
    let links = read(text).unwrap().links;
    links.into_iter().map(|link| (link.target, text[link.span].to_string(), link.is_image)).collect()
}

fn link(target: &str, written: &str, image: bool) -> (String, String, bool) {
    (target.into(), written.into(), image)
}

#[test]
fn every_kind_of_link_is_found() {
    let text = "[a](x.md \"x\") ![b](<y z.png>) <https://example.org> <me@example.org>\n\
                [c][one] [d][] ![e][shown] [d]\n\n\
                [one]: one.md\n[d]: ./d.md 'd'\n[unused]: gone.md\n[shown]: shown.png\n\n\
                <a href='h.md'>h</a>\n<img src=\"i.png\">\n\n\
                `[no](no.md)`\n\n    [no](no.md)\n\n<!-- [no](no.md) -->\n";
    assert_eq!(
        links(text),
        [
            link("x.md", "x.md", false),
            link("y z.png", "y z.png", true),
            link("https://example.org", "https://example.org", false),
            link("mailto:me@example.org", "me@example.org", false),
            link("one.md", "one.md", false),
            link("./d.md", "./d.md", false),
            link("gone.md", "gone.md", false),
            link("shown.png", "shown.png", true),
            link("h.md", "h.md", false),
            link("i.png", "i.png", true),
        ]
    );
    let escaped = "[a](a\\_b&amp;c.md)";
    assert_eq!(
        links(escaped),
        [link("a_b&c.md", escaped, false)],
        "the range is the whole link if the target contains escapes"
    );
    let nested = "[![a](a.png)](b.md)";
    assert_eq!(links(nested), [link("a.png", "a.png", true), link("b.md", "b.md", false)]);
}

#[test]
fn undefined_references_are_found() {
    let text = "[a][gone] [gone][] [prose] - [ ] [x]\n";
    let undefined = read(text).unwrap().undefined;
    let written: Vec<&str> = undefined.iter().map(|label| &text[label.span.clone()]).collect();
    assert_eq!(written, ["[a][gone]", "[gone]"]);
}

#[test]
fn headings_have_the_anchors_of_github() {
    let text = "# Local `preview` of ![x](x) [links](y) &amp; *more*\n\nUsage\n=====\n\n## Usage ##\n\n\
                <h3>By <i>hand</i></h3>\n\n> # Usage\n\n## <a id=\"Pinned\"></a>Pin\n";
    let found = read(text).unwrap();
    let anchors: Vec<&str> = found.headings.iter().map(|heading| heading.anchor.as_str()).collect();
    assert_eq!(anchors, ["local-preview-of--links--more", "usage", "usage-1", "by-hand", "usage-2", "pin"]);
    assert_eq!(&text[found.headings[1].span.clone()], "Usage\n=====");
    for name in ["", "top", "usage-2", "Pinned", "user-content-pin"] {
        assert!(found.has_anchor(name), "{name}");
    }
    assert!(!found.has_anchor("usage-3") && !found.has_anchor("Usage"));
}

#[test]
fn code_blocks_keep_their_positions() {
    let text = "- x\n\n  ```yaml probe\n  a: 1\n    b: 2\n  ```\n\n> ~~~SH,x\n> one\n>\n> two\n> ~~~\n\n    indented\n    more\n\n```\n```\n";
    let code = read(text).unwrap().code;
    let found: Vec<_> = code.iter().map(|code| (code.language(), code.text())).collect();
    let expected = [("yaml", "a: 1\n  b: 2\n"), ("sh", "one\n\ntwo\n"), ("", "indented\nmore\n"), ("", "")];
    assert_eq!(found, expected.map(|(language, text)| (language.to_string(), text)));
    assert_eq!(code[0].info, "yaml probe");
    for (code, word) in [(&code[0], "b: 2"), (&code[1], "two"), (&code[2], "more")] {
        let at = code.text().find(word).unwrap();
        assert_eq!(&text[code.body.outer(at..at + word.len())], word);
    }
    assert_eq!(&text[code[1].span.clone()], "one\n>\n> two\n");
    assert_eq!(code[3].span.start, text.len() - 8);
}

#[test]
fn windows_line_ends_are_understood() {
    let text = "# A b\r\n\r\n[x](y.md)\r\n\r\n```sh\r\none\r\ntwo\r\n```\r\n";
    let found = read(text).unwrap();
    assert_eq!(found.headings[0].anchor, "a-b");
    assert_eq!(found.code[0].text(), "one\ntwo\n");
    assert_eq!(&text[found.code[0].body.outer(4..7)], "two");
    assert_eq!(links(text), [link("y.md", "y.md", false)]);
}

#[test]
fn front_matter_is_skipped() {
    let text = "---\nulid: \"[x](no.md)\"\n---\n# [a](b.md)\n";
    let found = read(text).unwrap();
    assert_eq!(found.headings.len(), 1);
    assert_eq!(&text[found.headings[0].span.clone()], "# [a](b.md)");
    assert_eq!(links(text), [link("b.md", "b.md", false)]);
    let later = "a\n\n---\n[x](yes.md)\n---\n";
    assert_eq!(links(later), [link("yes.md", "yes.md", false)], "front matter is only at the start");
    assert_eq!(links("---\n[x](yes.md)\n"), [link("yes.md", "yes.md", false)], "front matter must be closed");
}

/// Reads a mebibyte of tokens that nest or stay open: with quadratic work this test would take minutes.
#[test]
fn a_hostile_document_is_read_in_linear_time() {
    let many = |what: &str| what.repeat(MAX_DOCUMENT_BYTES / what.len());
    for what in [
        "[",
        "`",
        "``` ",
        "\"",
        "<",
        "> ",
        "*",
        "- ",
        "![",
        "<a href=\"",
        "[a]: ",
        "|a",
        "\\",
        "&#",
        "\u{fffd}",
    ] {
        let _ = read(&many(what));
    }
    let half = |what: &str| what.repeat(MAX_DOCUMENT_BYTES / 2 / what.len());
    for (open, close) in [("> ", "\n"), ("* + ", "\n"), ("![", "](x)"), ("[", "](x)"), ("<h1>", "</h1>")] {
        let _ = read(&(half(open) + &half(close)));
    }
    let ticks: String = (1..1400).map(|length| "`".repeat(length) + " ").collect();
    let _ = read(&ticks);
    let message = |text: &str| read(text).map_err(|problem| problem.message).unwrap_err();
    assert_eq!(message(&many("[a](b) ")), "the document contains more than 10000 links");
    assert_eq!(message(&many("[a][b] ")), "the document contains more than 10000 undefined references");
    assert_eq!(message(&many("# a\n")), "the document contains more than 10000 headings");
    assert_eq!(message(&many("```\n```\n")), "the document contains more than 10000 code blocks");
    assert_eq!(message(&many("<b id=x>")), "the document contains more than 10000 anchors");
    assert!(message(&" ".repeat(MAX_DOCUMENT_BYTES + 1)).starts_with("the file is 1048577 bytes"));
}
