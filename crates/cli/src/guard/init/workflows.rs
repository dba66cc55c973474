//! The workflows of a repository of plugins: those of this repository, with the differences filled in.

use crate::arguments::WriterArgument;

/// The workflows of this repository, which runs the Action from its own tree: paths and texts, which are all there is to keep.
macro_rules! own {
    ($name:literal) => {
        (
            concat!(".github/workflows/", $name),
            include_str!(concat!("../../../../../.github/workflows/", $name)),
        )
    };
}
const GUARD: (&str, &str) = own!("id-guard.yml");
const GUARD_BASE: (&str, &str) = own!("id-guard-base.yml");
const POST_MERGE: (&str, &str) = own!("id-post-merge.yml");
const AUDIT: (&str, &str) = own!("id-audit.yml");
const RELEASE: (&str, &str) = own!("id-release.yml");

/// How this repository's workflows mark what differs elsewhere.
const ACTION: &str = "./ # zizmor: ignore[self-repository]";
const BRANCH: &str = "branches: [\"main\"]";
const RECORDED: &str = "          branch: \"main\"\n";
const WRITER: &str = "writer: push";
const LAST_PERMISSION: &str = "      actions: write ";
/// Around what is this repository's alone.
const OWN: (&str, &str) = ("# [own]", "# [/own]");

/// What differs from repository to repository.
pub(crate) struct Workflows<'w> {
    /// What `uses:` names: `OWNER/NAME@COMMIT`, or a place in the repository.
    pub(crate) action: &'w str,
    /// The mainline.
    pub(crate) branch: &'w str,
    /// How what was merged is published.
    pub(crate) writer: WriterArgument,
    /// Whether the base controls the gate.
    pub(crate) base_controlled: bool,
}

impl Workflows<'_> {
    /// Returns the files: path and text.
    pub(crate) fn files(&self) -> Vec<(&'static str, String)> {
        let gate = if self.base_controlled { GUARD_BASE } else { GUARD };
        [gate, POST_MERGE, AUDIT, RELEASE].map(|(path, text)| (path, self.fill(text))).into()
    }

    fn fill(&self, text: &str) -> String {
        let writer = match self.writer {
            WriterArgument::Push => "push",
            WriterArgument::PullRequest => "pull-request",
            WriterArgument::Branch => "branch",
        };
        let mut filled = String::new();
        let mut inside = false;
        for line in text.lines() {
            inside |= line.trim().starts_with(OWN.0);
            if !inside {
                filled += &format!("{line}\n");
            }
            inside &= !line.trim().starts_with(OWN.1);
            if line.starts_with(LAST_PERMISSION) && self.writer == WriterArgument::PullRequest {
                filled += "      pull-requests: write # proposes the record\n";
            }
        }
        let action = match self.action.starts_with("./") {
            // The alternative form, `$/`, is not supported everywhere yet (GitHub Enterprise Server, act).
            true => format!("{} # zizmor: ignore[self-repository]", self.action),
            false => self.action.into(),
        };
        filled
            .replace(ACTION, &action)
            .replace(BRANCH, &format!("branches: [\"{}\"]", self.branch))
            .replace(RECORDED, &format!("          branch: \"{}\"\n", self.branch))
            .replace(WRITER, &format!("writer: {writer}"))
    }
}

/// Returns whether a string pins an action to its commit, as in `owner/name@<40 hexadecimal digits>`, or one of this repository.
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
    fn what_differs_is_put_in() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for base_controlled in [false, true] {
            let action = format!("owner/name@{commit}");
            let writer = WriterArgument::PullRequest;
            let workflows = Workflows { action: &action, branch: "trunk", writer, base_controlled };
            let files = workflows.files();
            for (path, text) in &files {
                assert_eq!(text.matches("uses: owner/name@").count(), 1, "{path}");
                for own in ["./", "own]", "\"main\"", "idmod", "zizmor: ignore[self"] {
                    assert!(!text.contains(own), "{path}: {own}: {text}");
                }
            }
            let all: String = files.into_iter().map(|(_, text)| text).collect();
            assert_eq!(all.matches("branches: [\"trunk\"]").count(), 2);
            assert!(all.contains("writer: pull-request\n") && all.contains("pull-requests: write"), "{all}");
        }
    }

    #[test]
    fn this_repositorys_own_are_those_that_are_written() {
        let own = |base_controlled| Workflows {
            action: "./",
            branch: "main",
            writer: WriterArgument::Push,
            base_controlled,
        };
        for (path, text) in own(false).files().into_iter().chain(own(true).files()) {
            let here = [GUARD, GUARD_BASE, POST_MERGE, AUDIT].into_iter().find(|file| file.0 == path);
            assert!(here.is_none_or(|(_, here)| here == text), "{path}");
        }
    }
}
