//! Releases and their files.

use serde::Deserialize;

use crate::{Error, GitHub, Result};

/// A release on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Release {
    /// Whether it is not published yet.
    #[serde(rename = "isDraft")]
    pub is_draft: bool,
    /// Its files.
    #[serde(default)]
    pub assets: Vec<Asset>,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// The file name.
    pub name: String,
    /// The digest, as in `sha256:…`; older GitHub servers do not return one.
    #[serde(default)]
    pub digest: Option<String>,
}

/// The title of a release and the file with its notes.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseText<'a> {
    /// The title.
    pub title: &'a str,
    /// The path of the file with the notes.
    pub notes_file: &'a str,
}

impl GitHub {
    /// Returns the release of a tag; `None` if it does not exist.
    ///
    /// # Errors
    /// When the request fails for any other reason.
    pub fn release(&self, tag: &str) -> Result<Option<Release>> {
        let arguments = ["release", "view", tag, "--json", "isDraft,assets"];
        let output = match self.run(&arguments) {
            Err(Error::Failed { stderr, .. }) if stderr.contains("not found") => return Ok(None),
            other => other?,
        };
        let command = format!("gh {}", arguments.join(" "));
        serde_json::from_slice(&output)
            .map(Some)
            .map_err(|source| Error::UnexpectedOutput { command, source })
    }

    /// Creates a draft release of an existing tag.
    ///
    /// # Errors
    /// When the request fails.
    pub fn create_draft(&self, tag: &str, text: ReleaseText<'_>) -> Result<()> {
        let ReleaseText { title, notes_file } = text;
        let create = ["release", "create", tag, "--draft", "--verify-tag"];
        self.run(&[&create[..], &["--title", title, "--notes-file", notes_file]].concat()).map(drop)
    }

    /// Uploads files to a release, and replaces files of the same names.
    ///
    /// # Errors
    /// When the request fails.
    pub fn upload(&self, tag: &str, files: &[String]) -> Result<()> {
        let mut arguments = vec!["release", "upload", tag, "--clobber"];
        arguments.extend(files.iter().map(String::as_str));
        self.run(&arguments).map(drop)
    }

    /// Publishes a draft release with its final title and notes.
    ///
    /// # Errors
    /// When the request fails.
    pub fn publish_draft(&self, tag: &str, text: ReleaseText<'_>) -> Result<()> {
        let ReleaseText { title, notes_file } = text;
        let edit = ["release", "edit", tag, "--draft=false"];
        self.run(&[&edit[..], &["--title", title, "--notes-file", notes_file]].concat()).map(drop)
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use super::*;
    use crate::gh::tests::scripted;

    #[test]
    fn a_release_is_read() {
        let json = r#"{"isDraft": false, "assets": [{"name": "a", "digest": "sha256:0", "size": 1}, {"name": "b"}]}"#;
        let (_directory, github) = scripted(&format!("echo '{json}'"));
        let release = github.release("v1").unwrap().unwrap();
        let asset =
            |name: &str, digest: Option<&str>| Asset { name: name.into(), digest: digest.map(Into::into) };
        assert!(!release.is_draft);
        assert_eq!(release.assets, [asset("a", Some("sha256:0")), asset("b", None)]);
    }

    #[test]
    fn a_missing_release_is_not_an_error_but_any_other_failure_is() {
        let (_directory, github) = scripted("echo 'release not found' >&2; exit 1");
        assert_eq!(github.release("v1").unwrap(), None);
        let (_directory, github) = scripted("echo 'HTTP 500' >&2; exit 1");
        assert_eq!(github.release("v1").unwrap_err().stderr(), Some("HTTP 500"));
        let (_directory, github) = scripted("echo '{}'");
        assert!(matches!(github.release("v1"), Err(Error::UnexpectedOutput { .. })));
    }
}
