//! Random edits of documents of every format: only governed values lead to findings, and each finding points at the bytes that it names.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use diagnostic::Diagnostic;
use engine::{CoverageReports, CustomInput, TreesRequest, check_trees};
use policy::{Date, Policy};
use rules::ALL;
use snapshot::Memory;

const POLICY: &str = "schema_version: 1
packs: []
paths:
  - match: '*'
    format: FORMAT
    fields: {/a: frozen, /m/b: frozen}
    collection: {at: /list, key: [/id], elements: {fields: {/x: frozen}}}
";

/// The values of a document, each a number that is written as a word of its own, and what may differ without a change of a value.
#[derive(Debug, Clone, PartialEq)]
struct Document {
    a: usize,
    free: usize,
    b: usize,
    deep: usize,
    /// The key, the governed value and the free value of each element.
    elements: Vec<[usize; 3]>,
    /// Comments, the order of keys, the text around the data.
    style: usize,
}

/// A linear congruential generator: the same edits in every run.
struct Random(usize);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn document(&mut self) -> Document {
        let elements =
            (0..1 + self.below(4)).map(|key| [key, self.below(1_000), self.below(1_000)]).collect();
        let [a, free, b, deep] = [(); 4].map(|()| self.below(1_000));
        Document { a, free, b, deep, elements, style: self.below(4) }
    }
}

/// Writes a document; every value is a string that begins with `w`.
type Writer = fn(&Document) -> String;

const FORMATS: [(&str, Writer); 5] =
    [("yaml", yaml), ("json", json), ("jsonc", jsonc), ("toml", toml), ("front-matter", front_matter)];

fn yaml(document: &Document) -> String {
    let Document { a, free, b, deep, elements, style } = document;
    let list: String = elements
        .iter()
        .map(|[id, x, y]| format!("  - {{id: k{id}, \u{e4}: ok, x: w{x}, y: w{y}}} # w0\n"))
        .collect();
    let parts = [
        format!("a: w{a} # {style}\n"),
        format!("free: \"w{free}\"\n"),
        format!("m:\n  deep: {{c: w{deep}}}\n  b: 'w{b}'\n"),
        format!("list:\n{list}"),
    ];
    let text = rotated(&parts, *style).concat();
    if style % 2 == 0 { text } else { text.replace('\n', "\r\n") }
}

fn rotated(parts: &[String; 4], style: usize) -> Vec<String> {
    let mut parts = parts.to_vec();
    parts.rotate_left(style % 4);
    parts
}

fn json_with(document: &Document, comment: &str) -> String {
    let Document { a, free, b, deep, elements, style } = document;
    let list: Vec<String> = elements
        .iter()
        .map(|[id, x, y]| format!("{{\"id\": \"k{id}\", \"x\": \"w{x}\",\"y\":\"w{y}\"}}"))
        .collect();
    let parts = [
        format!("\"a\": \"w{a}\""),
        format!("\"\u{e4}\u{1F30A}\": \"w{free}\""),
        format!("\"m\": {{\"deep\": {{\"c\": \"w{deep}\"}}, \"b\": \"w{b}\"}}"),
        format!("\"list\": [{}]", list.join(", ")),
    ];
    let separator = if style % 2 == 0 { ", " } else { ",\n  " };
    format!("{{{comment}{}}}\n", rotated(&parts, *style).join(separator))
}

fn json(document: &Document) -> String {
    json_with(document, "")
}

fn jsonc(document: &Document) -> String {
    json_with(document, &format!(" /* w0 \u{e4} {} */ ", document.style))
}

fn toml(document: &Document) -> String {
    let Document { a, free, b, deep, elements, style } = document;
    let list: String = elements
        .iter()
        .map(|[id, x, y]| format!("[[list]]\nid = 'k{id}'\nx = \"w{x}\"\ny = 'w{y}'\n"))
        .collect();
    let m = format!("[m]\ndeep.c = \"w{deep}\"\nb = 'w{b}' # w0 {style}\n");
    let tables = if style % 2 == 0 { list + &m } else { m + &list };
    format!("a = \"w{a}\"\nfree = 'w{free}'\n{tables}")
}

fn front_matter(document: &Document) -> String {
    let body = format!("# w{} \n\na: w0\n", document.free);
    match document.style % 2 {
        0 => format!("---\n{}---\n{body}", yaml(document)),
        _ => format!("+++\n{}+++\n{body}", toml(document)),
    }
}

fn check(format: &str, before: &str, after: &str) -> Vec<Diagnostic> {
    let path = "document";
    let policy = POLICY.replace("FORMAT", format);
    let tree = |text: &str| Memory::new().with("policy-packs/policy.yaml", policy.as_str()).with(path, text);
    let (base, head) = (tree(before), tree(after));
    let policy = Policy::load(&base).unwrap();
    let none = |_: &policy::PackDocument, _: &Policy, _: &[CustomInput]| Ok(Vec::new());
    let request = TreesRequest {
        rules: ALL,
        policy: &policy,
        today: Date::parse("2026-11-21").unwrap(),
        custom: &none,
        coverage: CoverageReports::default(),
    };
    check_trees(&request, &base, &head, &[]).unwrap()
}

/// The text between the start and the end of a finding's place: columns count characters.
fn pointed_at(finding: &Diagnostic, text: &str) -> String {
    let span = finding.location.as_ref().and_then(|location| location.span).unwrap();
    assert_eq!(span.start.line, span.end.line, "a word is on one line");
    let line = text.split('\n').nth(span.start.line as usize - 1).unwrap();
    let (start, end) = (span.start.column as usize - 1, span.end.column as usize - 1);
    line.chars().skip(start).take(end - start).collect()
}

/// Edits one value; returns the pointer at which that is found, if it is governed, and its new word.
fn edit(document: &mut Document, random: &mut Random) -> Option<(String, usize)> {
    let at = random.below(document.elements.len());
    let new = 1_000 + random.below(1_000);
    match random.below(7) {
        0 => document.a = new,
        1 => document.b = new,
        2 => document.elements[at][1] = new,
        3 => document.free = new,
        4 => document.deep = new,
        5 => document.elements[at][2] = new,
        _ => document.style += 2,
    }
    let pointer = match (document.a, document.b, document.elements[at][1]) {
        (a, ..) if a == new => "/a".to_string(),
        (_, b, _) if b == new => "/m/b".to_string(),
        (.., x) if x == new => format!("/list/{at}/x"),
        _ => return None,
    };
    Some((pointer, new))
}

#[test]
fn only_governed_edits_are_found_where_they_are() {
    let mut random = Random(13);
    let (mut free, mut governed) = (0, 0);
    for (format, write) in FORMATS {
        for _ in 0..150 {
            let before = random.document();
            let mut after = before.clone();
            let expected = edit(&mut after, &mut random);
            let (old, new) = (write(&before), write(&after));
            let found = check(format, &old, &new);
            let Some((pointer, word)) = expected else {
                assert!(found.is_empty(), "{format}: {old}{new}{found:#?}");
                free += 1;
                continue;
            };
            assert_eq!(found.len(), 1, "{format}: {old}{new}{found:#?}");
            let [finding] = &found[..] else { return };
            assert_eq!(finding.rule.id.code, "IMM021");
            assert_eq!(
                finding.location.as_ref().unwrap().pointer.as_deref(),
                Some(pointer.as_str()),
                "{new}"
            );
            let text = pointed_at(finding, &new);
            assert_eq!(text.trim_matches(['"', '\'']), format!("w{word}"), "{format}: {new}");
            governed += 1;
        }
    }
    assert!(free > 200 && governed > 200, "{free} {governed}");
}
