//! The workflows of a repository that holds plugins. This repository's own are made by the same function.

use crate::arguments::WriterArgument;

/// What differs from repository to repository.
pub(crate) struct Workflows<'w> {
    /// What `uses:` names: `OWNER/NAME@COMMIT`, or `./`.
    pub(crate) action: &'w str,
    /// The mainline.
    pub(crate) branch: &'w str,
    /// How what was merged is published.
    pub(crate) writer: WriterArgument,
}

/// The gate of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// The workflow that a pull request brings, with a token that can only read.
    Plain,
    /// The workflow of the base.
    BaseControlled,
    /// One beside the other.
    Both,
}

impl Workflows<'_> {
    /// Returns the files: path and text.
    pub(crate) fn files(&self, gate: Gate) -> Vec<(&'static str, String)> {
        let mut files = Vec::new();
        if gate != Gate::BaseControlled {
            files.push((".github/workflows/id-guard.yml", include_str!("workflows/id-guard.yml")));
        }
        if gate != Gate::Plain {
            files.push((".github/workflows/id-guard-base.yml", include_str!("workflows/id-guard-base.yml")));
        }
        files.push((".github/workflows/id-post-merge.yml", include_str!("workflows/id-post-merge.yml")));
        files.push((".github/workflows/id-audit.yml", include_str!("workflows/id-audit.yml")));
        files.into_iter().map(|(path, text)| (path, self.fill(text))).collect()
    }

    fn fill(&self, text: &str) -> String {
        let proposes = self.writer == WriterArgument::PullRequest;
        let only = |part: &str| if proposes { part.to_string() } else { String::new() };
        let writer = match self.writer {
            WriterArgument::Push => "push",
            WriterArgument::PullRequest => "pull-request",
            WriterArgument::Branch => "branch",
        };
        // The other way to say it, `$/`, is not known everywhere yet (GitHub Enterprise Server, act).
        let own = if self.action.starts_with("./") { " # zizmor: ignore[self-repository]" } else { "" };
        text.replace("@PULL@", &only(include_str!("workflows/pull.part")))
            .replace("@PROPOSE@", &only(include_str!("workflows/propose.part")))
            .replace("@WRITER@", writer)
            .replace("@ACTION@", &format!("{}{own}", self.action))
            .replace("@BRANCH@", self.branch)
    }
}

/// Tells whether a text names an action by its commit, as in `owner/name@<40 hexadecimal digits>`, or one of this repository.
pub(crate) fn is_pinned_action(text: &str) -> bool {
    let name = |text: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        !text.is_empty() && text.chars().all(fits)
    };
    match text.split_once('@') {
        Some((place, commit)) => {
            let mut parts = place.split('/');
            let is_commit =
                commit.len() == 40 && commit.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            parts.clone().count() >= 2 && parts.all(name) && is_commit
        }
        None => text == "./" || text.strip_prefix("./").is_some_and(|place| place.split('/').all(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_named_by_its_commit() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (text, is) in [
            (format!("owner/name@{commit}"), true),
            (format!("owner/name/sub@{commit}"), true),
            ("./".into(), true),
            ("./.github/actions/id-guard".into(), true),
            ("owner/name@v1".into(), false),
            (format!("name@{commit}"), false),
            (format!("owner/name@{commit} # x\n  run: y"), false),
            ("../x".into(), false),
            ("owner/na me".into(), false),
        ] {
            assert_eq!(is_pinned_action(&text), is, "{text}");
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for writer in [WriterArgument::Push, WriterArgument::PullRequest, WriterArgument::Branch] {
            for (path, text) in (Workflows { action: "./", branch: "main", writer }).files(Gate::Both) {
                let left = text.match_indices('@').any(|(at, _)| {
                    text[at + 1..].split('@').next().is_some_and(|word| {
                        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())
                    })
                });
                assert!(!left, "{path}: {text}");
            }
        }
    }
}
