//! Pull requests.

use crate::{Error, GitHub, Result};

/// A pull request to create.
#[derive(Debug, Clone, Copy)]
pub struct PullRequest<'a> {
    /// The branch that it changes.
    pub base: &'a str,
    /// The branch with the change.
    pub head: &'a str,
    /// The title.
    pub title: &'a str,
    /// The description.
    pub body: &'a str,
}

impl GitHub {
    /// Creates a pull request; succeeds if the branch has one already.
    ///
    /// # Errors
    /// When the request fails.
    pub fn create_pull_request(&self, request: PullRequest<'_>) -> Result<()> {
        let PullRequest { base, head, title, body } = request;
        let created =
            self.run(&["pr", "create", "--base", base, "--head", head, "--title", title, "--body", body]);
        match created {
            Err(Error::Failed { stderr, .. }) if stderr.contains("already exists") => Ok(()),
            other => other.map(drop),
        }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads the arguments of its script")]
mod tests {
    use super::*;
    use crate::gh::tests::scripted;

    const REQUEST: PullRequest<'_> = PullRequest { base: "main", head: "record", title: "Record", body: "b" };

    #[test]
    fn a_second_pull_request_of_a_branch_is_not_an_error() {
        let (directory, github) = scripted("echo \"$*\" >arguments");
        github.create_pull_request(REQUEST).unwrap();
        let arguments = std::fs::read_to_string(directory.path().join("arguments")).unwrap();
        assert_eq!(arguments, "pr create --base main --head record --title Record --body b\n");
        let (_directory, github) = scripted("echo 'a pull request already exists' >&2; exit 1");
        github.create_pull_request(REQUEST).unwrap();
        let (_directory, github) = scripted("echo 'HTTP 403' >&2; exit 1");
        assert_eq!(github.create_pull_request(REQUEST).unwrap_err().stderr(), Some("HTTP 403"));
    }
}
