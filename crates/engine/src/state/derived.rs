//! A plugin's derived files, generated once for every rule that needs them.

use artifact::PluginSpec;
use diagnostic::{Diagnostic, Location, RuleInfo, line_of};
use plugin_files::{Derivation, PluginFiles, SnapshotSource, derive};
use snapshot::{Error, RepoPath, Result, Snapshot};

use super::Document;

/// How much of a line a message shows.
const MAX_SHOWN_CHARS: usize = 72;

/// The files of a plugin, and what its derived files are to contain.
pub struct Derived {
    /// The spec.
    pub spec: PluginSpec,
    /// The files in the directory.
    pub files: PluginFiles,
    /// The derived files, generated under the policy snapshot in the directory.
    pub derivation: Derivation,
}

impl Derived {
    /// Generates the derived files of a plugin; `None` where its spec is invalid, which other rules report.
    pub(super) fn generate(
        head: &dyn Snapshot,
        directory: &RepoPath,
        spec: Option<&Document>,
    ) -> Result<Option<Derived>> {
        let Some(value) = spec.and_then(|spec| spec.value.as_ref().ok()) else { return Ok(None) };
        let Some(spec) = PluginSpec::read(value).filter(|_| schema::plugin_spec().accepts(value)) else {
            return Ok(None);
        };
        let files = match PluginFiles::find(head, directory) {
            // Another rule reports that it is too large.
            Err(Error::TooLarge { .. }) => return Ok(None),
            other => other?,
        };
        let Some(files) = files else { return Ok(None) };
        let derivation = derive(&files, &spec, SnapshotSource::Existing);
        Ok(Some(Derived { spec, files, derivation }))
    }

    /// Reports a derived file that is executable: its mode is a part of it.
    #[must_use]
    pub fn describe_mode(
        &self,
        rule: &'static RuleInfo,
        directory: &RepoPath,
        path: &str,
    ) -> Option<Diagnostic> {
        if !self.files.executable.contains(path) {
            return None;
        }
        let message = format!("{path} is executable; its mode is 100644 when it is generated");
        let place = Location::of(&directory.join(path.as_bytes()));
        Some(Diagnostic::new(rule, message).at(place).help(help(directory)))
    }

    /// Reports a derived file that is out of date, or executable; `None` where it is up to date, missing, or cannot be generated.
    #[must_use]
    pub fn describe_stale(
        &self,
        rule: &'static RuleInfo,
        directory: &RepoPath,
        path: &str,
    ) -> Option<Diagnostic> {
        if let Some(finding) = self.describe_mode(rule, directory, path) {
            return Some(finding);
        }
        let generated = self.derivation.files.get(path)?;
        let current = self.files.files.get(path)?;
        describe_difference(rule, directory, path, current, generated)
    }
}

/// Shows the first line in which a derived file differs from what its sources generate.
#[must_use]
pub fn describe_difference(
    rule: &'static RuleInfo,
    directory: &RepoPath,
    path: &str,
    current: &[u8],
    generated: &[u8],
) -> Option<Diagnostic> {
    if current == generated {
        return None;
    }
    let at = generated.iter().zip(current).take_while(|(a, b)| a == b).count();
    let line = |text: &[u8]| line_of(text, at);
    let mut generated_line = String::from_utf8_lossy(&generated[line(generated)]).trim().to_string();
    if let Some((cut, _)) = generated_line.char_indices().nth(MAX_SHOWN_CHARS) {
        generated_line.replace_range(cut.., "…");
    }
    let message = if generated_line.is_empty() {
        format!("{path} is out of date: this line is not generated")
    } else {
        format!("{path} is out of date: expected `{generated_line}`")
    };
    let place = Location::at(&directory.join(path.as_bytes()), current, line(current));
    Some(Diagnostic::new(rule, message).at(place).help(help(directory)))
}

fn help(directory: &RepoPath) -> String {
    format!("regenerate it: id-plugin generate {}", String::from_utf8_lossy(directory.name()))
}
