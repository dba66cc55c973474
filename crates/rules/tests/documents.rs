//! Malicious documents: each is checked in linear time, with a bounded number of findings.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write as _;

use engine::{CoverageReports, CustomInput, TreesRequest, check_trees};
use policy::{Date, Policy};
use rules::ALL;
use snapshot::{Memory, Mode, RepoPath};

const PLUGIN: &str = "plugins/local_preview";

/// Counts the findings of each rule of the family for a plugin of these files.
fn count_findings(files: &[(String, String)]) -> Vec<(&'static str, usize)> {
    // A card comes first, so that nobody asks of each document whether it is an identity.
    let mut head = Memory::new().with("ids/cards/x.yaml", "{}");
    for (inside, text) in files {
        head.insert(RepoPath::from(format!("{PLUGIN}/{inside}").as_str()), Mode::File, text.clone().into());
    }
    let base = Memory::new();
    let policy = Policy::load(&base).unwrap();
    let today = Date::parse("2026-11-21").unwrap();
    let none = |_: &policy::PackDocument, _: &Policy, _: &[CustomInput]| Ok(Vec::new());
    let coverage = CoverageReports::default();
    let request = TreesRequest { rules: ALL, policy: &policy, today, custom: &none, coverage };
    let findings = check_trees(&request, &base, &head, &[]).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.rule.id.family.code == "DOC") {
        *counts.entry(finding.rule.id.code).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn file(inside: &str, text: String) -> (String, String) {
    (inside.into(), text)
}

#[test]
fn many_documents_of_many_links() {
    let links = |to: &dyn Fn(usize) -> String| {
        (0..10_000).fold(String::from("# A\n"), |mut text, at| {
            let _ = writeln!(text, "[a]({})", to(at));
            text
        })
    };
    let page = links(&|at| format!("{}/{at}", at % 7));
    let found =
        count_findings(&(0..40).map(|at| file(&format!("docs/{at}.md"), page.clone())).collect::<Vec<_>>());
    assert_eq!(found, [("DOC001", 40 * 101)]);
    let page = links(&|at| format!("{}.md#{at}", at % 20));
    let found =
        count_findings(&(0..20).map(|at| file(&format!("docs/{at}.md"), page.clone())).collect::<Vec<_>>());
    assert_eq!(found, [("DOC001", 20 * 101)]);
}

#[test]
fn targets_of_a_million_names() {
    let long = |link: &str| file("docs/a.md", format!("[a]({})\n", link.repeat(1_000_000 / link.len())));
    for link in ["a/", "../", "./", "docs/../", "%41/", "/"] {
        assert!(count_findings(&[long(link)]).len() <= 1, "{link}");
    }
}

#[test]
fn texts_of_many_faults() {
    let results: String = (0..9_000).map(|at| format!(",\n{{\"feature\": \"conformance/x.feature\", \"scenario\": \"{at}\", \"status\": \"failed\"}}")).collect();
    let budgets: String = (0..20_000).map(|at| format!(",\n\"{at}\": {{\"p95_ms\": 1}}")).collect();
    let run = format!("```yaml probe\nname: a\nkind: command\nrun: [a{}]\n```\n", ", ./x".repeat(1_900));
    let found = count_findings(&[
        file("plugin.spec.json", "{}".into()),
        file(
            "conformance/results.json",
            format!(
                "{{\"schema_version\": 1, \"version\": \"1.0.0\", \"content_sha256\": \"00\", \"scenarios\": [{}]}}",
                &results[1..]
            ),
        ),
        file("conformance/perf/budgets.json", format!("{{{}}}", &budgets[1..])),
        file("healthcheck.md", run),
        file("docs/a.md", format!("```sh\n{}\n```\n", "./a ".repeat(9_000))),
    ]);
    assert_eq!(found, [("DOC002", 101), ("DOC003", 101), ("DOC006", 101), ("DOC008", 101), ("DOC009", 101)]);
}
