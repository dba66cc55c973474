//! The pages of the rules: fixed sections, a bounded length, and examples that show what the cases find.
//! `BLESS=1` updates the message of an example from the case with a finding at the same place.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use std::path::{Path, PathBuf};

use diagnostic::Level;
use engine::Rule;
use rules::{ALL, page};

/// The sections of a page, in their order.
const SECTIONS: [&str; 5] = ["What it does", "Why it matters", "Example", "How to fix", "Options"];
/// The longest page that is read to its end.
const MAX_PAGE_LINES: usize = 80;
/// The longest example that is understood at a glance: lines of code, without the fences.
const MAX_EXAMPLE_LINES: usize = 15;

/// Returns the lines below a heading, up to the next one.
fn section<'p>(page: &'p str, heading: &str) -> Vec<&'p str> {
    let from = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    from.take_while(|line| !line.starts_with("## ")).collect()
}

/// Returns the lines of the code blocks of an example.
fn code_lines<'p>(example: &[&'p str]) -> Vec<&'p str> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in example {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            lines.push(*line);
        }
    }
    lines
}

fn directory(rule: &Rule) -> PathBuf {
    let (family, name) = (rule.info.id.family.module, rule.info.id.name.replace('-', "_"));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(family).join(name)
}

/// Returns the findings of a rule that its cases expect, as `--format concise` prints them.
fn expected_findings(rule: &Rule) -> Vec<String> {
    let level = if rule.info.id.level == Level::Warn { "warning" } else { "error" };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory(rule).join("cases")).unwrap() {
        let case = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (_, expected) = case.rsplit_once("\n-- expected").unwrap();
        for line in expected.lines().skip(1) {
            let line = line.trim_start_matches("waived ");
            let Some((place, message)) =
                line.strip_prefix(rule.info.id.code).and_then(|line| line.trim_start().split_once(' '))
            else {
                continue;
            };
            found.push(format!("{place}: {level}[{}] {message}", rule.info.id.code));
        }
    }
    found
}

#[test]
fn every_page_begins_with_code_and_name() {
    for rule in ALL {
        let (code, name) = (rule.info.id.code, rule.info.id.name);
        assert!(rule.info.page.starts_with(&format!("# {code} {name}\n\n")), "{code}");
        assert!(rule.info.page.len() > 150, "{code}: the page gives the reason");
    }
}

#[test]
fn every_page_has_the_fixed_sections() {
    for rule in ALL {
        let (code, page) = (rule.info.id.code, page(&rule.info));
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, SECTIONS, "{code}");
        for heading in SECTIONS {
            let is_empty = section(&page, heading).iter().all(|line| line.trim().is_empty());
            assert!(!is_empty, "{code}: nothing below {heading}");
        }
        let lines = page.lines().count();
        assert!(lines <= MAX_PAGE_LINES, "{code}: {lines} lines, at most {MAX_PAGE_LINES}");
        assert!(page.contains(&format!("Level: `{}`", rule.info.id.level.name())), "{code}");
    }
}

#[test]
fn every_example_is_short_and_shows_a_finding_of_a_case() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for rule in ALL {
        let code = rule.info.id.code;
        let example = section(rule.info.page, "Example");
        let lines = code_lines(&example);
        assert!(lines.len() <= MAX_EXAMPLE_LINES, "{code}: {} lines of code", lines.len());
        let expected = expected_findings(rule);
        let head = format!("[{code}] ");
        let shown: Vec<&str> = lines.into_iter().filter(|line| line.contains(&head)).collect();
        assert!(!shown.is_empty(), "{code}: the example shows no finding");
        for line in shown.into_iter().filter(|line| !expected.iter().any(|finding| finding == line)) {
            wrong += &format!("\n{line}\nbut the cases find\n{}\n", expected.join("\n"));
            // The finding of a case at the same place has got another message.
            let (start, _) = line.split_once(&head).expect("the line contains the code");
            let same_place = expected.iter().find(|finding| finding.starts_with(start));
            if let (true, Some(finding)) = (bless, same_place) {
                let path = directory(rule).join("README.md");
                let page = std::fs::read_to_string(&path).unwrap();
                std::fs::write(&path, page.replace(line, finding)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "no case finds what these examples show:{wrong}");
}
