//! `docs/ecosystems.md`: every number of the checklist, every rule of the packs, and cases that show both.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::cases::FINDINGS;
use super::repository::{PACKS, files, pack_directory};
use crate::coverage::root;

/// The numbers of the checklist.
const NUMBERS: std::ops::RangeInclusive<u32> = 1..=82;
const STATES: [&str; 5] = ["schema", "rule", "command", "not built yet", "not decidable"];

fn page() -> String {
    std::fs::read_to_string(root().join("docs/ecosystems.md")).unwrap()
}

/// The numbered rows: number, requirement, state and enforcement.
fn rows(page: &str) -> Vec<(u32, &str, &str)> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.filter_map(|line| <[&str; 4]>::try_from(line.split(" | ").collect::<Vec<_>>()).ok());
    rows.filter_map(|[number, _, state, how]| Some((number.parse().ok()?, state, how))).collect()
}

/// The links: text and target.
fn links(text: &str) -> Vec<(&str, &str)> {
    let link = |(at, _): (usize, &str)| {
        let target = &text[at + 2..at + 2 + text[at + 2..].find(')').unwrap()];
        (&text[text[..at].rfind('[').unwrap() + 1..at], target)
    };
    text.match_indices("](").map(link).collect()
}

/// The rules of every pack, as `pack/rule`.
fn rules() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for pack in PACKS {
        for file in files(&pack_directory(pack).join("rules")) {
            let text = std::fs::read_to_string(file).unwrap();
            let names = text.split("\"rule\": \"").skip(1).map(|rest| rest.split('"').next().unwrap());
            found.extend(names.map(|name| format!("{pack}/{name}")));
        }
    }
    found
}

/// The code spans that name a rule of a pack.
fn named_rules(text: &str) -> Vec<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    let is_rule = |span: &&str| {
        PACKS.iter().any(|pack| span.strip_prefix(pack).is_some_and(|rest| rest.starts_with('/')))
    };
    spans.filter(is_rule).collect()
}

#[test]
fn every_number_has_one_row_with_a_state() {
    let page = page();
    let rows = rows(&page);
    let mut numbers: Vec<u32> = rows.iter().map(|(number, ..)| *number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, NUMBERS.collect::<Vec<_>>());
    for (number, state, how) in rows {
        assert!(STATES.contains(&state), "row {number} has an unknown state: {state}");
        let names: Vec<&str> = links(how).iter().map(|(name, _)| *name).collect();
        let has_both = names.contains(&"fails") && names.contains(&"passes");
        assert_eq!(
            has_both,
            matches!(state, "schema" | "rule"),
            "row {number} links a failing and a passing case"
        );
        assert_eq!(state == "rule", !named_rules(how).is_empty(), "row {number} names its rule");
    }
}

#[test]
fn the_page_names_every_rule_of_the_packs_and_no_other() {
    let page = page();
    let named: BTreeSet<String> = named_rules(&page).into_iter().map(String::from).collect();
    assert_eq!(named, rules());
}

/// What the cases find: the rules by the path of the manifest, relative to the project.
fn found() -> BTreeMap<PathBuf, BTreeSet<String>> {
    let mut found: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    let goldens = PACKS.iter().flat_map(|pack| files(&pack_directory(pack).join("cases")));
    for golden in goldens.filter(|file| file.ends_with(FINDINGS)) {
        for line in std::fs::read_to_string(&golden).unwrap().lines() {
            let mut words = line.splitn(4, ' ');
            let (path, code, message) = (words.next().unwrap(), words.nth(1).unwrap(), words.next().unwrap());
            let rule = if code == "SCH006" { code } else { message.split(':').next().unwrap() };
            found.entry(golden.with_file_name(path)).or_default().insert(rule.into());
        }
    }
    found
}

/// Returns what was found in a manifest, or in the manifest of the directory with a file.
fn rules_at(found: &BTreeMap<PathBuf, BTreeSet<String>>, file: &Path) -> BTreeSet<String> {
    let is_near = |manifest: &Path| {
        manifest == file
            || manifest.ends_with("manifest.json") && file.starts_with(manifest.parent().unwrap())
    };
    found.iter().filter(|(manifest, _)| is_near(manifest)).flat_map(|(_, rules)| rules.clone()).collect()
}

#[test]
fn failing_cases_are_reported_by_their_rule_and_passing_cases_are_not() {
    let page = page();
    let found = found();
    let mut shown = 0;
    for (at, _) in page.match_indices("([fails](") {
        // The rule or schema before the links.
        let before = &page[..at];
        let line = &before[before.rfind('\n').unwrap_or(0)..];
        let rule = match (named_rules(line).pop(), line.rfind("[schema]"), line.rfind('`')) {
            (Some(rule), schema, Some(end)) if schema.is_none_or(|schema| schema < end) => rule,
            _ => "SCH006",
        };
        let [(_, fails), (_, passes)] = links(&page[at..])[..2] else { panic!("{line}") };
        let file = |target: &str| root().join("docs").join(target);
        for target in [fails, passes] {
            assert!(file(target).is_file(), "{target} does not exist");
        }
        let plain = |target: &str| root().join(target.strip_prefix("../").unwrap());
        if line.contains("where the name of the repository is known") {
            // The cases have no remote; tests of the pack show the rule.
            continue;
        }
        let (failing, passing) = (rules_at(&found, &plain(fails)), rules_at(&found, &plain(passes)));
        assert!(failing.contains(rule), "{rule} is not found in {fails}: {failing:?}");
        assert!(!passing.contains(rule), "{rule} is found in {passes}");
        shown += 1;
    }
    assert!(shown > 70, "{shown}");
}
