//! Coverage reports from the command line.

use std::path::{Path, PathBuf};

use diagnostic::{CheckError, Location};
use documents::coverage::{Coverage, MAX_REPORT_BYTES, read};
use repo::Repository;
use snapshot::RepoPath;

use crate::error::CommandError;

/// Coverage reports, and the root of the repository: tools write absolute paths.
#[derive(Default)]
pub(crate) struct CoverageInput {
    pub(crate) reports: Vec<Coverage>,
    root: String,
}

impl CoverageInput {
    /// Reads the reports. If one is unreadable, the check cannot run: the caller asked for it.
    pub(crate) fn read(repository: &Repository, files: &[PathBuf]) -> Result<CoverageInput, CommandError> {
        let root = repository.workdir().and_then(|path| path.canonicalize().ok()).unwrap_or_default();
        let in_repository = |file: &Path| {
            let directory = file.canonicalize().ok()?.parent()?.strip_prefix(&root).ok()?.to_path_buf();
            Some(RepoPath::from(directory.to_str()?.replace('\\', "/").as_str()))
        };
        let read = |file: &PathBuf| {
            let directory = in_repository(file).filter(|_| !root.as_os_str().is_empty());
            Ok::<_, CommandError>(Coverage { directory, ..open(file)? })
        };
        let reports = files.iter().map(read).collect::<Result<_, _>>()?;
        Ok(CoverageInput { reports, root: root.display().to_string() })
    }

    /// Returns the roots of absolute paths in the reports.
    pub(crate) fn roots(&self) -> Vec<&str> {
        Some(self.root.as_str()).filter(|root| !root.is_empty()).into_iter().collect()
    }
}

fn open(file: &Path) -> Result<Coverage, CommandError> {
    let bytes = repo::disk::read(file, MAX_REPORT_BYTES as u64)?;
    let shown = file.display();
    let bytes = bytes.ok_or_else(|| CommandError::failed(format!("coverage report not found: {shown}")))?;
    read(&bytes).map_err(|problem| {
        let place = RepoPath::from(shown.to_string().as_str());
        CommandError::from(CheckError {
            message: format!("invalid coverage report: {}", problem.message),
            help: problem.help.or_else(|| Some("pass an lcov or Cobertura report".into())),
            location: Some(Location::at(&place, &bytes, problem.span)),
        })
    })
}
