//! Whatever a stranger writes: no reader panics, and every place is one of the text.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::ops::Range;

use artifact::Problem;
use documents::target::{Target, resolve};
use documents::{At, budget, command, coverage, feature, markdown, probe};
use proptest::prelude::*;
use snapshot::RepoPath;

/// Pieces that mean something to one reader or another, so that random texts get somewhere.
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
fn holds(text: &str, span: &Range<usize>) {
    assert!(text.get(span.clone()).is_some(), "{span:?} is no place of {text:?}");
}

fn hold<'p>(text: &str, problems: impl IntoIterator<Item = &'p Problem>) {
    problems.into_iter().for_each(|problem| holds(text, &problem.span));
}

fn holds_markdown(text: &str) {
    let document = match markdown::read(text) {
        Ok(document) => document,
        Err(problem) => return holds(text, &problem.span),
    };
    document.headings.iter().for_each(|heading| {
        holds(text, &heading.span);
        assert!(document.has_anchor(&heading.anchor));
    });
    document.anchors.iter().chain(&document.undefined).for_each(|anchor| holds(text, &anchor.span));
    for link in &document.links {
        holds(text, &link.span);
        if let Target::File { path, .. } = Target::of(&link.target) {
            let _ = resolve(&RepoPath::from("a/b"), &path);
        }
    }
    for code in &document.code {
        holds(text, &code.span);
        for (at, _) in code.text().char_indices() {
            holds(text, &code.body.outer(0..at));
            holds(text, &code.body.outer(at..code.text().len()));
        }
    }
    for mention in command::of_document(&document).unwrap() {
        holds(text, &mention.span);
    }
}

fn holds_feature(text: &str) {
    let (feature, problems) = feature::read(text);
    hold(text, &problems);
    let at = |text_at: &At<String>| holds(text, &text_at.span);
    at(&feature.name);
    feature.tags.iter().for_each(at);
    for scenario in &feature.scenarios {
        holds(text, &scenario.span);
        at(&scenario.name);
        scenario.tags.iter().for_each(at);
        let tables = scenario.examples.iter().map(|examples| &examples.table);
        let tables = tables.chain(scenario.steps.iter().filter_map(|step| step.table.as_ref()));
        tables.flat_map(|table| &table.rows).for_each(|row| {
            holds(text, &row.span);
            row.cells.iter().for_each(at);
        });
        for step in scenario.steps.iter().chain(&feature.background) {
            at(&step.text);
            step.doc.iter().for_each(at);
        }
    }
}

fn holds_probes(text: &str) {
    let (found, problems) = probe::read(text);
    hold(text, &problems);
    for probe in &found.probes {
        holds(text, &probe.span);
        holds(text, &probe.name.span);
        probe.files().iter().for_each(|file| holds(text, &file.span));
    }
    found.thresholds.iter().for_each(|threshold| holds(text, &threshold.value.span));
}

fn holds_data(text: &str) {
    let (budgets, problems) = budget::read_budgets(text.as_bytes());
    hold(text, &problems);
    let (results, problems) = budget::read_results(text.as_bytes());
    hold(text, &problems);
    hold(text, budget::judge(&budgets, &results).iter().map(|breach| &breach.problem));
    match coverage::read(text.as_bytes()) {
        Ok(found) => drop(coverage::of_directory(&found, &["/a", ""], "b")),
        Err(problem) => holds(text, &problem.span),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_a_reader(text in texts()) {
        holds_markdown(&text);
        holds_markdown(&format!("```sh\n{text}"));
        holds_markdown(&format!("- a\n\n  > ```console\n  > {}", text.replace('\n', "\n  > ")));
        holds_feature(&text);
        holds_feature(&format!("Feature: f\nScenario Outline: s\nGiven <a>\n{text}"));
        holds_probes(&text);
        holds_probes(&format!("```yaml probe\r\n{text}"));
        holds_data(&text);
        holds_data(&format!("<coverage>{text}"));
        holds_data(&format!("SF:a\n{text}"));
        command::files(&text).iter().for_each(|mention| holds(&text, &mention.span));
        let _ = Target::of(&text);
        let _ = resolve(&RepoPath::from("a"), &text);
    }

    #[test]
    fn no_bytes_break_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match documents::text(&bytes) {
            Ok(text) => holds_markdown(text),
            Err(problem) => prop_assert!(problem.span.end <= bytes.len()),
        }
        let _ = budget::read_budgets(&bytes);
        let _ = budget::read_results(&bytes);
        let _ = coverage::read(&bytes);
        let cut = [b"SF:a\n".as_slice(), &bytes].concat();
        let _ = coverage::read(&cut);
    }
}
