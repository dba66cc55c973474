//! Where `init` writes: at the root of the repository, for all of it or for one sub-folder.

use std::path::{Path, PathBuf};

use artifact::layout::DirectoryPattern;

use crate::arguments::InitArguments;
use crate::error::CommandError;

/// The root of the repository, the directory that the plugins are below, and how paths are shown.
pub(super) struct Target {
    pub(super) root: PathBuf,
    /// `structure.root` of the policy, if it is not the root of the repository.
    pub(super) below: Option<String>,
    /// What leads from the working directory to the root, such as `../../`.
    above: String,
}

impl Target {
    /// Decides by `--root`, `--here`, or because the command runs at the root; `None` in a sub-folder without a decision.
    pub(super) fn choose(
        root: &Path,
        arguments: &InitArguments,
    ) -> Result<(Target, Option<String>), CommandError> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let root = real(root);
        let folder = below(&root, &real(&arguments.place.repo));
        let target = |below: Option<String>| Target {
            below,
            above: crate::environment::way_up(&root),
            root: root.clone(),
        };
        if arguments.here {
            return Ok((target(folder), None));
        }
        let Some(named) = &arguments.root else { return Ok((target(None), folder)) };
        let named = named.trim_end_matches('/');
        if named == "." {
            return Ok((target(None), None));
        }
        if let Err(message) = DirectoryPattern::parse(named) {
            return Err(CommandError::failed(format!("--root: {message}")));
        }
        if !root.join(named).is_dir() {
            return Err(CommandError::failed_with(
                format!("--root: {named} is not a directory of this repository"),
                "name it from the root of the repository, or run the command in it with --here",
            ));
        }
        Ok((target(Some(named.into())), None))
    }

    /// Returns a path of the repository as seen from the working directory.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.above)
    }

    /// Refuses to decide for a sub-folder: nothing is written.
    pub(super) fn undecided(&self, folder: &str, paths: &[&str]) -> CommandError {
        let listed: Vec<String> = paths.iter().map(|path| format!("\n  {}", self.shown(path))).collect();
        CommandError::failed_with(
            format!(
                "{folder} is a sub-folder of the repository, and init would write at its root:{}",
                listed.concat()
            ),
            "for the plugins of the whole repository: id-guard init --root . ; for those below this sub-folder: id-guard init --here",
        )
    }
}

/// Returns the sub-folder of a repository as a path with `/`; `None` for its root.
fn below(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Vec<String> = rest.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let is_git = parts.first().is_some_and(|first| first == ".git");
    (!parts.is_empty() && !is_git).then(|| parts.join("/"))
}
