//! What tests ran, by plugin, as the reports say that a run was given.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use documents::coverage::{Coverage, Lines, by_directory};
use snapshot::RepoPath;

use super::in_plugin;

/// The reports that a run is given: usually none.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverageReports<'r> {
    /// What they tell.
    pub reports: &'r [Coverage],
    /// Where the repository lay when they were made: their absolute paths are looked for below.
    pub roots: &'r [&'r str],
}

/// What tests ran, counted once a rule asks.
pub(crate) struct Covered<'r> {
    given: CoverageReports<'r>,
    by_plugin: OnceLock<BTreeMap<RepoPath, Lines>>,
}

impl<'r> Covered<'r> {
    pub(crate) fn new(given: CoverageReports<'r>) -> Covered<'r> {
        Covered { given, by_plugin: OnceLock::new() }
    }

    /// Tells whether there is any report.
    pub(crate) fn is_told(&self) -> bool {
        !self.given.reports.is_empty()
    }

    /// Returns the lines of a plugin; `None` where no report tells of it.
    pub(crate) fn of(&self, directory: &RepoPath) -> Option<Lines> {
        let count = || by_directory(self.given.reports, self.given.roots, tested);
        self.by_plugin.get_or_init(count).get(directory).copied()
    }
}

/// The plugin whose tests a file shows to be run: a test itself shows nothing.
fn tested(path: &RepoPath) -> Option<RepoPath> {
    let directory = in_plugin(path)?;
    let inside = path.as_bytes().get(directory.as_bytes().len() + 1..)?;
    let is_test = inside.starts_with(b"tests/") || inside.starts_with(b"conformance/");
    (!is_test).then_some(directory)
}
