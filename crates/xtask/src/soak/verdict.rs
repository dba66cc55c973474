//! What the gate finds in a changed sample that it does not find in the sample itself.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Level};
use engine::{CoverageReports, FullTreeRequest, TreesRequest, check_full_tree, check_ledger, check_trees};
use ledger::ReadOptions;
use ledger::files::InSnapshot;
use policy::{Date, Policy};
use rules::ALL;
use snapshot::Memory;

use super::custom::evaluate;
use super::sample::Sample;

/// What two equal findings have in common.
type Line = (&'static str, bool, String, String);

/// The gate, with what it finds in the unchanged sample.
pub(super) struct Gate {
    base: Memory,
    policy: Policy,
    in_tree: BTreeSet<Line>,
}

/// The findings that a change adds.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeSet<Line>);

impl Found {
    /// Returns whether one of them fails the check.
    pub(super) fn fails(&self) -> bool {
        self.0.iter().any(|(_, fails, ..)| *fails)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether one of them names a path, or something below it, in any case; that the policy changed at all names nothing.
    #[cfg(test)]
    pub(super) fn names(&self, entry: &str) -> bool {
        let entry = entry.to_lowercase();
        self.0.iter().any(|(code, _, path, _)| {
            let path = path.to_lowercase();
            !matches!(*code, "POL001" | "POL002")
                && (path == entry || path.strip_prefix(&entry).is_some_and(|rest| rest.starts_with('/')))
        })
    }
}

impl Gate {
    pub(super) fn new(sample: &Sample) -> Gate {
        let base = sample.memory();
        let policy = Policy::load(&base).unwrap();
        let in_tree = tree(&base).unwrap();
        Gate { base, policy, in_tree }
    }

    /// Checks the change from the sample to another one.
    pub(super) fn check_change(&self, changed: &Sample) -> Result<Found, String> {
        let request = TreesRequest {
            rules: ALL,
            policy: &self.policy,
            today: today(),
            custom: &evaluate,
            coverage: CoverageReports::default(),
        };
        let found = check_trees(&request, &self.base, &changed.memory(), &[]);
        found.map(|found| Found(found.iter().map(line).collect())).map_err(|error| error.to_string())
    }

    /// Checks the whole tree of another sample by its own policy, as after a merge.
    pub(super) fn check_tree(&self, changed: &Sample) -> Result<Found, String> {
        let found = tree(&changed.memory())?;
        Ok(Found(found.difference(&self.in_tree).cloned().collect()))
    }
}

fn tree(tree: &Memory) -> Result<BTreeSet<Line>, String> {
    let policy = Policy::load(tree).map_err(|error| error.to_string())?;
    let request = FullTreeRequest {
        rules: ALL,
        head: tree,
        policy: &policy,
        policy_name: "-".into(),
        today: today(),
        is_merged: true,
        published: &|_| None,
        known_index: &|| None,
        custom: &evaluate,
        coverage: CoverageReports::default(),
    };
    let (report, _) = check_full_tree(&request).map_err(|error| error.to_string())?;
    let files = InSnapshot(tree);
    let options = ReadOptions { whole: true, ..ReadOptions::default() };
    let read = options.read(&files, &mut |_, _| {}).map_err(|error| error.to_string())?;
    let ledger =
        check_ledger(ALL, &files, &read.faults, &policy, today()).map_err(|error| error.to_string())?;
    Ok(report.findings.iter().chain(&ledger).map(line).collect())
}

fn line(finding: &Diagnostic) -> Line {
    let path = finding.location.as_ref().map(|place| place.path.as_bytes().to_vec()).unwrap_or_default();
    let path = String::from_utf8_lossy(&path).into_owned();
    (finding.rule.id.code, finding.level == Level::Deny, path, finding.message.clone())
}

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}
