//! Checks `docs/spec-coverage.md`: it lists every rule about plugins, and everything that it names exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The families with rules about plugins.
const FAMILIES: [&str; 6] = ["STR", "SCH", "GEN", "CMP", "DOC", "CAP"];
/// The sections of the specification, as in the first column.
const SECTIONS: [&str; 24] = [
    "0", "1", "2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "3", "3.1", "3.2", "3.3",
    "4", "4.1", "4.2", "4.3", "5", "6", "7", "8",
];
const STATES: [&str; 5] = ["enforced", "differently", "in part", "**not yet**", "remark"];
const NOT_THERE: &str = "\n## Not implemented yet\n";

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

pub(crate) fn page() -> String {
    std::fs::read_to_string(root().join("docs/spec-coverage.md")).unwrap()
}

/// Every rule: its code, its name and its directory.
fn rules() -> BTreeMap<String, (String, PathBuf)> {
    let folders = |path: &Path| {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let families = folders(&root().join("crates/rules/src"));
    let rooms = families.iter().flat_map(|family| folders(family));
    let rules = rooms.filter_map(|room| {
        let text = std::fs::read_to_string(room.join("README.md")).ok()?;
        let (code, name) = text.lines().next()?.strip_prefix("# ")?.split_once(' ')?;
        Some((code.to_string(), (name.to_string(), room)))
    });
    rules.collect()
}

/// The rows of the tables about sections: section, requirement, state, enforcement.
pub(crate) fn rows(page: &str) -> Vec<[&str; 4]> {
    let about = page.split(NOT_THERE).next().unwrap();
    let cells = about.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.filter_map(|line| <[&str; 4]>::try_from(line.split(" | ").collect::<Vec<_>>()).ok());
    rows.filter(|row| row[0].starts_with(|c: char| c.is_ascii_digit())).collect()
}

/// The links: text and target.
fn links(text: &str) -> Vec<(&str, &str)> {
    let ends = text.match_indices("](");
    let link = |(at, _): (usize, &str)| {
        let target = &text[at + 2..at + 2 + text[at + 2..].find(')').unwrap()];
        (&text[text[..at].rfind('[').unwrap() + 1..at], target)
    };
    ends.map(link).collect()
}

/// The code spans.
fn code(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// The words with the form of a rule code.
fn codes(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_code = |word: &&str| {
        let (family, number) = word.split_at_checked(3).unwrap_or_default();
        let is_family = family.bytes().all(|byte| byte.is_ascii_uppercase());
        is_family && number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.filter(is_code).collect()
}

/// The commands and files that the page lists as missing.
fn absent(page: &str) -> BTreeSet<&str> {
    let rows = page.split(NOT_THERE).nth(1).unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap()).collect()
}

fn is_command(name: &str) -> bool {
    root().join(format!("crates/tools/src/bin/{name}.rs")).is_file()
}

#[test]
fn every_rule_about_plugins_is_on_the_page() {
    let page = page();
    let named = codes(&page);
    let rules = rules();
    let left_out: Vec<&String> = rules
        .keys()
        .filter(|code| FAMILIES.contains(&&code[..3]) && !named.contains(code.as_str()))
        .collect();
    assert!(rules.len() > 100, "the rules were not found");
    assert_eq!(left_out, Vec::<&String>::new());
}

#[test]
fn every_rule_on_the_page_exists() {
    let page = page();
    let rules = rules();
    for code in codes(&page) {
        assert!(rules.contains_key(code), "{code} is not a rule");
    }
    for (label, target) in links(&page) {
        let Some(code) = target.strip_prefix("rules/").and_then(|name| name.strip_suffix(".md")) else {
            continue;
        };
        assert_eq!(label, format!("{code} {}", rules[code].0), "{target}");
    }
}

#[test]
fn every_file_on_the_page_exists() {
    let page = page();
    let docs = root().join("docs");
    // The rule pages are generated, and checked above.
    let linked = links(&page).into_iter().map(|(_, target)| target);
    for target in linked.filter(|target| !target.starts_with('#') && !target.starts_with("rules/")) {
        assert!(docs.join(target).exists(), "{target} is not there");
    }
    // What begins as nothing of ours does is a plugin's own, or the specification's.
    let is_path = |path: &&str| path.contains('/') && !path.contains(['<', '*', ' ']);
    let is_ours = |path: &&str| path.split('/').next().is_some_and(|top| root().join(top).exists());
    for path in code(&page).into_iter().filter(is_path).filter(is_ours) {
        assert!(root().join(path).exists(), "{path} is not there");
    }
}

#[test]
fn every_command_on_the_page_exists() {
    let page = page();
    let absent = absent(&page);
    let reference = std::fs::read_to_string(root().join("docs/reference.md")).unwrap();
    for command in code(&page).into_iter().filter(|text| text.starts_with("id-")) {
        let mut words = command.split(' ');
        let name = words.next().unwrap();
        assert!(is_command(name) || absent.contains(name), "{name} is not a command");
        if let Some(verb) = words.next().filter(|verb| verb.starts_with(|c: char| c.is_ascii_lowercase())) {
            assert!(reference.contains(&format!("\n### {name} {verb}\n")), "{command} is not a command");
        }
    }
}

#[test]
fn commands_and_files_listed_as_missing_do_not_exist() {
    let page = page();
    let absent = absent(&page);
    assert!(!absent.is_empty());
    for name in absent {
        assert!(!is_command(name) && !root().join(name).exists(), "{name} exists: update the page");
    }
}

#[test]
fn every_section_has_its_rows() {
    let page = page();
    let rows = rows(&page);
    for section in SECTIONS {
        assert!(rows.iter().any(|row| row[0] == section), "section {section} has no row");
    }
    for [section, asked, state, _] in rows {
        assert!(SECTIONS.contains(&section), "{section} is not a section");
        assert!(STATES.contains(&state), "{section} {asked}: {state} is not a state");
    }
}

#[test]
fn every_case_has_the_result_on_the_page() {
    let page = page();
    let rules = rules();
    for [section, asked, state, enforced_by] in rows(&page) {
        let links = links(enforced_by);
        let mut shown = BTreeSet::new();
        for (label, target) in links.iter().filter(|(label, _)| ["fails", "passes"].contains(label)) {
            let case = Path::new(target).strip_prefix("..").unwrap();
            let text = std::fs::read_to_string(root().join(case)).unwrap();
            let (_, expected) =
                text.split_once("-- expected --\n").or(text.split_once("-- expected all --\n")).unwrap();
            let is_its = |code: &&str| root().join(case).starts_with(&rules[*code].1);
            let code = codes(enforced_by)
                .into_iter()
                .find(is_its)
                .unwrap_or_else(|| panic!("{target}: of which rule?"));
            let is_reported =
                expected.lines().any(|line| line.trim_start_matches("waived ").starts_with(code));
            assert_eq!(is_reported, *label == "fails", "{target} {label} does not match the page");
            shown.insert(label);
        }
        // A gate without a rule cannot be enforced, and its row states that.
        let has_rule = links.iter().any(|(_, target)| target.starts_with("rules/"));
        let is_open = !has_rule && ["in part", "**not yet**"].contains(&state);
        let is_shown = shown.len() == 2 || is_open || !asked.starts_with("gate:");
        assert!(is_shown, "{section} {asked}: show a case that fails and one that passes");
    }
}
