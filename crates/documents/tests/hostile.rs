//! Feeds random documents to every reader: none panics, and every range lies inside the document.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::ops::Range;

use artifact::Problem;
use documents::target::{Target, resolve};
use documents::{Spanned, budget, command, coverage, feature, markdown, probe};
use proptest::prelude::*;
use snapshot::RepoPath;

/// Pieces with a meaning in one of the formats, so that random documents reach deep into the readers.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    " ",
    "    ",
    "\t",
    "# ",
    "## ",
    "=\n",
    "> ",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "![",
    "]: ",
    "<",
    ">",
    "`",
    "```",
    "~~~",
    "```sh\n",
    "```console\n",
    "```yaml probe\n",
    "```yaml thresholds\n",
    "---\n",
    "|",
    "\\",
    "&amp;",
    "<a href=\"",
    "<img src=x>",
    "<h1>",
    "</h1>",
    "id=",
    "\"",
    "'",
    "$ ",
    "$(",
    "${",
    "<<E\n",
    "E\n",
    "cd a && ",
    "python3 ",
    "./a b/c.json ",
    "> ",
    ">> x.json ",
    "@",
    "--x=",
    "name: a\n",
    "kind: ",
    "command\n",
    "run: [a]\n",
    "expect: {}\n",
    "{",
    "}",
    "[]",
    ":",
    ",",
    "-1",
    "1e9",
    "0.5",
    "é",
    "日本",
    "\u{fe0f}",
    "\u{0}",
    "\u{2028}",
    "Feature: ",
    "Scenario: ",
    "Scenario Outline: ",
    "Examples:\n",
    "Background:\n",
    "Rule: ",
    "Given ",
    "And ",
    "* ",
    "\"\"\"\n",
    "| a | b |\n",
    "# language: fr\n",
    "p95_ms\": ",
    "\"schema_version\": 1",
    "\"scenarios\": [",
    "\"performance\": {",
    "SF:a\n",
    "DA:1,1\n",
    "end_of_record\n",
    "<coverage>",
    "<class filename='a'>",
    "<line number='1' hits='1'/>",
    "</coverage>",
    "<!DOCTYPE",
    "<![CDATA[",
    "%2f",
    "..",
    "/",
    "#",
    "?",
    "http://localhost",
    "mailto:",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(String::from),
        1 => "\\PC{0,8}",
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

#[track_caller]
fn assert_in_text(text: &str, span: &Range<usize>) {
    assert!(text.get(span.clone()).is_some(), "{span:?} is not a range of {text:?}");
}

fn assert_all_in_text<'p>(text: &str, problems: impl IntoIterator<Item = &'p Problem>) {
    problems.into_iter().for_each(|problem| assert_in_text(text, &problem.span));
}

fn check_markdown(text: &str) {
    let document = match markdown::read(text) {
        Ok(document) => document,
        Err(problem) => return assert_in_text(text, &problem.span),
    };
    document.headings.iter().for_each(|heading| {
        assert_in_text(text, &heading.span);
        assert!(document.has_anchor(&heading.anchor));
    });
    document.anchors.iter().chain(&document.undefined).for_each(|anchor| assert_in_text(text, &anchor.span));
    for link in &document.links {
        assert_in_text(text, &link.span);
        if let Target::File { path, .. } = Target::of(&link.target) {
            let _ = resolve(&RepoPath::from("a/b"), &path);
        }
    }
    for code in &document.code {
        assert_in_text(text, &code.span);
        for (at, _) in code.text().char_indices() {
            assert_in_text(text, &code.body.outer(0..at));
            assert_in_text(text, &code.body.outer(at..code.text().len()));
        }
    }
    for mention in command::files_of_document(&document).unwrap() {
        assert_in_text(text, &mention.span);
    }
}

fn check_feature(text: &str) {
    let (feature, problems) = feature::read(text);
    assert_all_in_text(text, &problems);
    let at = |text_at: &Spanned<String>| assert_in_text(text, &text_at.span);
    at(&feature.name);
    feature.tags.iter().for_each(at);
    for scenario in &feature.scenarios {
        assert_in_text(text, &scenario.span);
        at(&scenario.name);
        scenario.tags.iter().for_each(at);
        let tables = scenario.examples.iter().map(|examples| &examples.table);
        let tables = tables.chain(scenario.steps.iter().filter_map(|step| step.table.as_ref()));
        tables.flat_map(|table| &table.rows).for_each(|row| {
            assert_in_text(text, &row.span);
            row.cells.iter().for_each(at);
        });
        for step in scenario.steps.iter().chain(&feature.background) {
            at(&step.text);
            step.doc.iter().for_each(at);
        }
    }
}

fn check_probes(text: &str) {
    let (found, problems) = probe::read(text);
    assert_all_in_text(text, &problems);
    for probe in &found.probes {
        assert_in_text(text, &probe.span);
        assert_in_text(text, &probe.name.span);
        probe.files().iter().for_each(|file| assert_in_text(text, &file.span));
    }
    found.thresholds.iter().for_each(|threshold| assert_in_text(text, &threshold.value.span));
}

fn check_data(text: &str) {
    let (budgets, problems) = budget::read_budgets(text.as_bytes());
    assert_all_in_text(text, &problems);
    let (results, problems) = budget::read_results(text.as_bytes());
    assert_all_in_text(text, &problems);
    assert_all_in_text(
        text,
        budget::find_violations(&budgets, &results).iter().map(|violation| &violation.problem),
    );
    match coverage::read(text.as_bytes()) {
        Ok(found) => drop(coverage::of_directory(&found, &["/a", ""], "b")),
        Err(problem) => assert_in_text(text, &problem.span),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_accept_any_text(text in texts()) {
        check_markdown(&text);
        check_markdown(&format!("```sh\n{text}"));
        check_markdown(&format!("- a\n\n  > ```console\n  > {}", text.replace('\n', "\n  > ")));
        check_feature(&text);
        check_feature(&format!("Feature: f\nScenario Outline: s\nGiven <a>\n{text}"));
        check_probes(&text);
        check_probes(&format!("```yaml probe\r\n{text}"));
        check_data(&text);
        check_data(&format!("<coverage>{text}"));
        check_data(&format!("SF:a\n{text}"));
        command::files_of_code(&text).iter().for_each(|mention| assert_in_text(&text, &mention.span));
        let _ = Target::of(&text);
        let _ = resolve(&RepoPath::from("a"), &text);
    }

    #[test]
    fn readers_accept_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match documents::decode_text(&bytes) {
            Ok(text) => check_markdown(text),
            Err(problem) => prop_assert!(problem.span.end <= bytes.len()),
        }
        let _ = budget::read_budgets(&bytes);
        let _ = budget::read_results(&bytes);
        let _ = coverage::read(&bytes);
        let cut = [b"SF:a\n".as_slice(), &bytes].concat();
        let _ = coverage::read(&cut);
    }
}
