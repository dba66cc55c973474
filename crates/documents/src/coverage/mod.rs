//! Coverage reports of lcov and Cobertura: which lines of each file the tests executed (specification 004 §2.8).

mod cobertura;
mod lcov;

use std::collections::BTreeMap;

use artifact::Problem;
use snapshot::RepoPath;

use crate::{decode_text_within, problem, target};

/// The largest report that is read: tools write one for the whole repository.
pub const MAX_REPORT_BYTES: usize = 16 << 20;

/// The maximum number of source roots in a report; tools write one per language.
const MAX_SOURCES: usize = 16;

/// Counts of executable and executed lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    /// Executable lines.
    pub found: usize,
    /// Executed lines.
    pub hit: usize,
}

impl Lines {
    /// Returns the share of executed lines in percent; `None` without executable lines.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        // Line counts are far below 2⁵², up to which `f64` is exact.
        #[expect(clippy::cast_precision_loss, reason = "line counts are small")]
        (self.found > 0).then(|| self.hit as f64 * 100.0 / self.found as f64)
    }
}

/// The executable lines of a file by number, from 1, and whether they were executed.
pub type FileLines = BTreeMap<u32, bool>;

/// A coverage report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The lines of every file, by its path as written in the report.
    pub files: BTreeMap<String, FileLines>,
    /// The directories that relative paths refer to, if the report names any.
    pub sources: Vec<String>,
    /// The directory of the report in the repository: relative paths that lead to nothing else refer to it.
    pub directory: Option<RepoPath>,
}

/// Reads a report in either format. If it contains a file twice, a line was executed if it was executed in either entry.
///
/// # Errors
/// When it is too large, in neither format, truncated, or without files.
pub fn read(source: &[u8]) -> Result<Coverage, Problem> {
    let text = decode_text_within(source, MAX_REPORT_BYTES)?;
    let start = text.trim_start();
    let coverage = match () {
        () if start.starts_with('<') => cobertura::read(text),
        () if ["TN:", "SF:"].iter().any(|record| start.starts_with(record)) => lcov::read(text),
        () => {
            let help = Some("write one of these formats".into());
            Err(Problem { help, ..problem(0..0, "the report is neither lcov nor Cobertura") })
        }
    }?;
    if coverage.files.is_empty() {
        return Err(problem(0..0, "the report contains no files"));
    }
    Ok(coverage)
}

impl Coverage {
    fn add(&mut self, file: &str, line: u32, hit: bool) {
        if let Some(lines) = self.files.get_mut(file) {
            *lines.entry(line).or_default() |= hit;
        } else {
            self.files.insert(file.into(), FileLines::from([(line, hit)]));
        }
    }
}

/// Counts the lines of the files in a directory of the repository; the empty path is the whole repository. `None` if the report has no file of it.
///
/// A path of the report may be relative to the repository, absolute inside one of `roots`, relative to a source root of the report, or else to the
/// directory of the report.
#[must_use]
pub fn of_directory(coverage: &Coverage, roots: &[&str], directory: &str) -> Option<Lines> {
    let directory = target::resolve(&RepoPath::root(), directory)?;
    let below = |path: &RepoPath| is_below(path, &directory).then(|| directory.clone());
    by_directory([coverage], roots, below).remove(&directory)
}

/// Counts the lines of several reports by the directory that `directory_of` returns for a file; a directory without files in any report is left out.
///
/// A line in several reports counts as executed if any of them marks it so. Paths are treated as in [`of_directory`].
pub fn by_directory<'c>(
    reports: impl IntoIterator<Item = &'c Coverage>,
    roots: &[&str],
    directory_of: impl Fn(&RepoPath) -> Option<RepoPath>,
) -> BTreeMap<RepoPath, Lines> {
    let mut found: BTreeMap<RepoPath, BTreeMap<RepoPath, FileLines>> = BTreeMap::new();
    for coverage in reports {
        for (path, lines) in &coverage.files {
            let mut met: Vec<RepoPath> = Vec::new();
            let beside = beside(coverage, path);
            for (place, is_last) in places(coverage, roots, path)
                .map(|place| (place, false))
                .chain(beside.map(|place| (place, true)))
            {
                let Some(directory) = directory_of(&place)
                    .filter(|directory| !met.contains(directory) && (!is_last || met.is_empty()))
                else {
                    continue;
                };
                let merged = found.entry(directory.clone()).or_default().entry(place).or_default();
                for (line, hit) in lines {
                    *merged.entry(*line).or_default() |= hit;
                }
                met.push(directory);
            }
        }
    }
    let count = |files: BTreeMap<RepoPath, FileLines>| {
        let all = files.values().flat_map(FileLines::values);
        all.fold(Lines::default(), |lines, hit| Lines {
            found: lines.found + 1,
            hit: lines.hit + usize::from(*hit),
        })
    };
    found.into_iter().map(|(directory, files)| (directory, count(files))).collect()
}

/// Returns the possible repository paths of a file in the report, the likeliest first.
fn places(coverage: &Coverage, roots: &[&str], path: &str) -> impl Iterator<Item = RepoPath> {
    let path = path.replace('\\', "/");
    let sources = coverage.sources.iter().filter(|_| !is_absolute(&path));
    let behind = sources.map(|source| format!("{}/{path}", source.replace('\\', "/").trim_end_matches('/')));
    let named: Vec<String> = behind.chain([path.clone()]).collect();
    named.into_iter().filter_map(|path| in_repository(&path, roots))
}

/// Returns the place of a relative path of the report beside the report itself: tools that run in a plugin write such paths.
fn beside(coverage: &Coverage, path: &str) -> Option<RepoPath> {
    let path = path.replace('\\', "/");
    let directory = coverage.directory.as_ref().filter(|_| !is_absolute(&path))?;
    target::resolve(directory, &path)
}

fn in_repository(path: &str, roots: &[&str]) -> Option<RepoPath> {
    let inside = |root: &&str| {
        let root = root.replace('\\', "/");
        path.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')
    };
    let relative = if is_absolute(path) { roots.iter().find_map(inside)? } else { path };
    target::resolve(&RepoPath::root(), relative)
}

/// `/…` and `C:/…`.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1..3) == Some(b":/")
}

fn is_below(path: &RepoPath, directory: &RepoPath) -> bool {
    let rest = path.as_bytes().strip_prefix(directory.as_bytes());
    directory.is_root() || rest.is_some_and(|rest| rest.starts_with(b"/"))
}

#[cfg(test)]
mod tests;
