//! Coverage: which lines of which file the tests ran, as lcov and Cobertura tell it (specification 004 §2.8).

mod cobertura;
mod lcov;

use std::collections::BTreeMap;

use artifact::Problem;
use snapshot::RepoPath;

use crate::{problem, target, text_within};

/// The longest report that is read, in bytes: tools write one, for all of a repository.
pub const LARGEST: usize = 16 << 20;

/// The most roots that a report names.
const MOST_SOURCES: usize = 16;

/// How many lines can be run, and how many were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines that can be run.
    pub found: usize,
    /// Those of them that were.
    pub hit: usize,
}

impl Lines {
    /// Returns how many of 100 lines were run; `None` where there is none.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        // Counts of lines are far below 2⁵², which a float holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
        (self.found > 0).then(|| self.hit as f64 * 100.0 / self.found as f64)
    }
}

/// The lines of a file that can be run, by their number from 1, and whether they were.
pub type FileLines = BTreeMap<u32, bool>;

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The lines of every file, by its path as the report has it.
    pub files: BTreeMap<String, FileLines>,
    /// What relative paths are relative to, where the report says it.
    pub sources: Vec<String>,
}

/// Reads a report, of whichever form. A file that it tells of twice was run where either says so.
///
/// # Errors
/// When it is too long, of neither form, cut off, or tells of no file.
pub fn read(source: &[u8]) -> Result<Coverage, Problem> {
    let text = text_within(source, LARGEST)?;
    let start = text.trim_start();
    let coverage = match () {
        () if start.starts_with('<') => cobertura::read(text),
        () if ["TN:", "SF:"].iter().any(|record| start.starts_with(record)) => lcov::read(text),
        () => {
            let help = Some("write one of these forms".into());
            Err(Problem { help, ..problem(0..0, "the report is neither lcov nor Cobertura") })
        }
    }?;
    match coverage.files.is_empty() {
        true => Err(problem(0..0, "the report tells of no file")),
        false => Ok(coverage),
    }
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

/// Counts the lines below a directory of the repository; the empty one is all of it. `None` where the report tells of none of its files.
///
/// Paths count that are relative to the repository, absolute below one of `roots`, or either of these behind a source that the report names.
#[must_use]
pub fn of_directory(coverage: &Coverage, roots: &[&str], directory: &str) -> Option<Lines> {
    let directory = target::resolve(&RepoPath::root(), directory)?;
    let below = |path: &RepoPath| is_below(path, &directory).then(|| directory.clone());
    by_directory([coverage], roots, below).remove(&directory)
}

/// Counts the lines of several reports by the directory that `directory_of` gives a file; one that no report tells of is left out.
///
/// A line that several reports tell of was run where any says so. Paths count as for [`of_directory`].
pub fn by_directory<'c>(
    reports: impl IntoIterator<Item = &'c Coverage>,
    roots: &[&str],
    directory_of: impl Fn(&RepoPath) -> Option<RepoPath>,
) -> BTreeMap<RepoPath, Lines> {
    let mut found: BTreeMap<RepoPath, BTreeMap<RepoPath, FileLines>> = BTreeMap::new();
    for coverage in reports {
        for (path, lines) in &coverage.files {
            let mut met: Vec<RepoPath> = Vec::new();
            for place in places(coverage, roots, path) {
                let Some(directory) = directory_of(&place).filter(|directory| !met.contains(directory))
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

/// Returns where a file of the report may lie, the likeliest place first.
fn places(coverage: &Coverage, roots: &[&str], path: &str) -> impl Iterator<Item = RepoPath> {
    let path = path.replace('\\', "/");
    let sources = coverage.sources.iter().filter(|_| !is_absolute(&path));
    let behind = sources.map(|source| format!("{}/{path}", source.replace('\\', "/").trim_end_matches('/')));
    let named: Vec<String> = behind.chain([path.clone()]).collect();
    named.into_iter().filter_map(|path| in_repository(&path, roots))
}

fn in_repository(path: &str, roots: &[&str]) -> Option<RepoPath> {
    let relative = match is_absolute(path) {
        false => path,
        true => roots.iter().find_map(|root| {
            let root = root.replace('\\', "/");
            path.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')
        })?,
    };
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
