//! Test coverage of each plugin, from the reports that a run is given.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use artifact::layout::Layout;
use documents::coverage::{Coverage, Lines, by_directory};
use snapshot::RepoPath;

/// The coverage reports that a run is given: usually none.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverageReports<'r> {
    /// The parsed reports.
    pub reports: &'r [Coverage],
    /// The directories of the repository when the reports were written: absolute paths in them start with one of these.
    pub roots: &'r [&'r str],
}

/// The coverage of each plugin, computed on first use.
pub struct Covered<'r> {
    input: CoverageReports<'r>,
    layout: &'r Layout,
    by_plugin: OnceLock<BTreeMap<RepoPath, Lines>>,
}

impl<'r> Covered<'r> {
    pub(crate) fn new(input: CoverageReports<'r>, layout: &'r Layout) -> Covered<'r> {
        Covered { input, layout, by_plugin: OnceLock::new() }
    }

    /// Returns whether the run is given any report.
    #[must_use]
    pub fn has_reports(&self) -> bool {
        !self.input.reports.is_empty()
    }

    /// Returns the lines of a plugin; `None` where no report contains its files.
    #[must_use]
    pub fn of(&self, directory: &RepoPath) -> Option<Lines> {
        let count =
            || by_directory(self.input.reports, self.input.roots, |path| covered_plugin(path, self.layout));
        self.by_plugin.get_or_init(count).get(directory).copied()
    }
}

/// Returns the plugin whose coverage a file counts for; test files themselves do not count.
fn covered_plugin(path: &RepoPath, layout: &Layout) -> Option<RepoPath> {
    let directory = layout.plugin_directory(path)?;
    let inside = path.as_bytes().get(directory.as_bytes().len() + 1..)?;
    let is_test = inside.starts_with(b"tests/") || inside.starts_with(b"conformance/");
    (!is_test).then_some(directory)
}
