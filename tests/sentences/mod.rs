//! Breaks each sentence of specification 004 that `docs/spec-coverage.md` calls covered, one at a time, and expects that something notices.
//!
//! A row of the page is shown by breaks of one repository that passes (each must give its finding), by tests of this project, or by both.

mod breaks;
mod repository;
mod tests;

use std::collections::BTreeSet;

use breaks::{BREAKS, Break};
use repository::Sample;
use tests::TESTS;

/// The states of a row that claim something.
const COVERED: [&str; 2] = ["enforced", "differently"];

/// The rows of the page that claim a coverage: section and requirement.
fn covered() -> BTreeSet<(String, String)> {
    let page = crate::coverage::page();
    let rows = crate::coverage::rows(&page);
    let covered = rows.into_iter().filter(|[_, _, state, _]| COVERED.contains(state));
    covered.map(|[section, requirement, ..]| (section.to_string(), requirement.to_string())).collect()
}

#[test]
fn every_covered_sentence_is_broken_or_named_by_a_test() {
    let rows = covered();
    let shown: BTreeSet<(String, String)> = BREAKS
        .iter()
        .map(|of| (of.section, of.requirement))
        .chain(TESTS.iter().map(|(section, requirement, _)| (*section, *requirement)))
        .map(|(section, requirement)| (section.to_string(), requirement.to_string()))
        .collect();
    let open: Vec<_> = rows.difference(&shown).collect();
    assert!(open.is_empty(), "covered on the page, and shown by nothing: {open:#?}");
    let stale: Vec<_> = shown.difference(&rows).collect();
    assert!(stale.is_empty(), "not covered on the page: {stale:#?}");
}

#[test]
fn every_named_test_exists() {
    let root = crate::coverage::root();
    for (section, requirement, names) in TESTS {
        for name in *names {
            let (file, function) = name.rsplit_once("::").unwrap();
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_default();
            let is_there = text.contains(&format!("#[test]\nfn {function}()"))
                || text.contains(&format!("#[test]\n    fn {function}()"));
            assert!(is_there, "{section} {requirement}: {name} is not a test");
        }
    }
}

#[test]
fn the_sample_repository_passes() {
    let sample = Sample::new();
    assert_eq!(sample.findings(Break::CHANGE), Vec::<String>::new());
}

#[test]
fn every_break_is_noticed() {
    let sample = Sample::new();
    let mut missed = Vec::new();
    for of in BREAKS {
        for change in of.changes {
            let found = sample.broken(of.command, change);
            if !found.iter().any(|finding| finding.starts_with(of.code)) {
                missed.push(format!(
                    "{} {}: {change:?}: {} expected, found {found:?}",
                    of.section, of.requirement, of.code
                ));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
