//! The items of the checklist: the rules that decide each.

use codes::{Family, RuleId};
use diagnostic::Diagnostic;

/// An item of the checklist.
pub(super) struct Item {
    /// Its name for programs.
    pub(super) name: &'static str,
    /// What it requires.
    pub(super) title: &'static str,
    pub(super) state: State,
    pub(super) findings: Vec<Found>,
}

/// Whether an item passed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    Passed,
    Failed,
    /// Why it was not checked.
    NotRun(String),
}

/// A finding of an item.
pub(super) struct Found {
    pub(super) code: &'static str,
    pub(super) path: String,
    pub(super) message: String,
}

/// Why items were not checked.
#[derive(Default)]
pub(super) struct NotRun {
    pub(super) tests: Option<String>,
    pub(super) core: Option<String>,
    pub(super) guards: Option<String>,
    pub(super) registry: Option<String>,
}

const REGISTRY: [RuleId; 10] = [
    codes::REGISTRY_STALE,
    codes::REGISTRY_HAND_EDITED,
    codes::REGISTRY_PATH_MISSING,
    codes::ARTIFACT_UNREGISTERED,
    codes::REGISTRY_MISSING,
    codes::VERSION_UNRECORDED,
    codes::TAG_MOVED,
    codes::TAG_MISSING,
    codes::TAG_ALTERED,
    codes::TAG_UNRECORDED,
];
const ARTIFACTS: [RuleId; 2] = [codes::BASELINE_ARTIFACT_MISSING, codes::PLUGIN_FILE_NOT_REGULAR];
const OPERATIONS: [RuleId; 5] = [
    codes::OPERATION_SCHEMA_MISSING,
    codes::OPERATION_EXAMPLE_MISSING,
    codes::OPERATION_TEST_MISSING,
    codes::SCHEMA_INVALID,
    codes::EXAMPLE_INVALID,
];
const TESTS: [RuleId; 4] =
    [codes::SCENARIO_FAILED, codes::RESULTS_INVALID, codes::RESULTS_MISSING, codes::BUDGET_EXCEEDED];
const CORE: [RuleId; 1] = [codes::RANGE_UNRESOLVABLE];

/// Whether a rule is about registry and tags, which all plugins share.
pub(super) fn is_of_registry(rule: RuleId) -> bool {
    REGISTRY.contains(&rule)
}

/// The position of the item that a rule decides.
fn item_of(rule: RuleId) -> usize {
    match rule {
        rule if REGISTRY.contains(&rule) => 7,
        rule if CORE.contains(&rule) => 5,
        rule if OPERATIONS.contains(&rule) => 1,
        rule if TESTS.contains(&rule) => 2,
        rule if rule == codes::CONFORMANCE_MISSING || rule.family == Family::DOCUMENTS => 3,
        rule if rule.family == Family::DERIVED => 4,
        rule if ARTIFACTS.contains(&rule) => 0,
        rule if [Family::STRUCTURE, Family::SCHEMAS, Family::CARDS].contains(&rule.family) => 0,
        _ => 6,
    }
}

/// Returns the items with what was found.
pub(super) fn of(findings: &[&Diagnostic], not_run: NotRun) -> Vec<Item> {
    let titles: [(&str, &str, Option<String>); 8] = [
        ("artifacts", "the nine artifacts are present and valid", None),
        ("operations", "every operation has schemas, examples and tests", None),
        ("tests", "the tests pass", not_run.tests),
        ("conformance", "documents, scenarios and budgets are complete", None),
        ("generated", "generated files and AUTO sections are unedited and up to date", None),
        ("core", "a version of the core is in the range of the plugin", not_run.core),
        ("guards", "the guards pass: immutability, uniqueness, one artifact, compatibility", not_run.guards),
        ("registry", "registry and tags reflect the merged state", not_run.registry),
    ];
    let titles = titles.into_iter().enumerate();
    titles
        .map(|(at, (name, title, reason))| {
            let own = findings.iter().filter(|finding| item_of(finding.rule.id) == at);
            let findings: Vec<Found> = own.map(|finding| found(finding)).collect();
            let state = match reason {
                _ if !findings.is_empty() => State::Failed,
                Some(reason) => State::NotRun(reason),
                None => State::Passed,
            };
            Item { name, title, state, findings }
        })
        .collect()
}

fn found(finding: &Diagnostic) -> Found {
    let path =
        finding.location.as_ref().map(|place| String::from_utf8_lossy(place.path.as_bytes()).into_owned());
    Found { code: finding.rule.id.code, path: path.unwrap_or_default(), message: finding.message.clone() }
}
