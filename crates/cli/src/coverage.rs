//! Coverage reports that a run is given on the command line.

use std::path::{Path, PathBuf};

use diagnostic::{CheckError, Location};
use documents::coverage::{Coverage, MAX_REPORT_BYTES, read};
use repo::Repository;
use snapshot::RepoPath;

use crate::session::{one, plain};

/// The reports of a run, and where the repository lies: tools write absolute paths.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) reports: Vec<Coverage>,
    root: String,
}

impl Given {
    /// Reads the reports. One that cannot be read is no verdict: it was asked for.
    pub(crate) fn read(repository: &Repository, files: &[PathBuf]) -> Result<Given, Vec<CheckError>> {
        let root = repository.workdir().and_then(|path| path.canonicalize().ok()).unwrap_or_default();
        let reports = files.iter().map(|file| open(file)).collect::<Result<_, _>>()?;
        Ok(Given { reports, root: root.display().to_string() })
    }

    /// The roots that absolute paths are looked for below.
    pub(crate) fn roots(&self) -> Vec<&str> {
        Some(self.root.as_str()).filter(|root| !root.is_empty()).into_iter().collect()
    }
}

fn open(file: &Path) -> Result<Coverage, Vec<CheckError>> {
    let bytes = repo::disk::read(file, MAX_REPORT_BYTES as u64).map_err(one)?;
    let shown = file.display();
    let bytes = bytes.ok_or_else(|| vec![plain(format!("there is no coverage report at {shown}"))])?;
    read(&bytes).map_err(|problem| {
        let place = RepoPath::from(shown.to_string().as_str());
        vec![CheckError {
            message: format!("the coverage report cannot be read: {}", problem.message),
            help: problem.help.or_else(|| Some("give an lcov or Cobertura report".into())),
            location: Some(Location::at(&place, &bytes, problem.span)),
        }]
    })
}
