//! Reads single settings from git configuration: for display, for suggestions, and for how a checkout writes files.

use std::path::PathBuf;

use gix::bstr::ByteSlice as _;

use crate::Repository;
use crate::format::own_config;
use crate::ownership::files;
use crate::remedy::{default_remote, remotes};

/// The largest file of ignore rules or attributes that is read.
const MAX_USER_FILE_BYTES: u64 = 1 << 20;

impl Repository {
    /// Returns the user's address: `user.email` of the repository, else of the user. It never influences a check.
    #[must_use]
    pub fn user_email(&self) -> Option<String> {
        let local = self.inner.to_thread_local();
        let own = local.config_snapshot().string("user.email").map(|email| email.to_string());
        own.or_else(|| {
            let globals = gix::config::File::from_globals().ok()?;
            globals.string("user.email").map(|email| email.to_string())
        })
    }

    /// Returns a `core` setting of the repository or the user: they describe how a checkout writes files, and never influence a check.
    pub(crate) fn core_setting(&self, key: &str) -> Option<String> {
        self.core_value(key).map(|value| value.to_ascii_lowercase())
    }

    /// Returns a `core` setting as it is written.
    fn core_value(&self, key: &str) -> Option<String> {
        let common = self.common_dir();
        let own = own_config(&common).ok();
        // The repository's own file comes last in git's order, and the last value counts.
        let configs = own.into_iter().chain(files(&common, false).into_iter().rev());
        configs
            .into_iter()
            .find_map(|config| config.string_by("core", None, key).map(|value| value.to_string()))
    }

    /// Returns the user's own file of ignore rules or attributes: the one that `core.<key>` names, else `git/<name>` in the
    /// configuration directory (gitignore(5), gitattributes(5)). It describes what git would commit, and never influences a check of commits.
    pub(crate) fn user_file(&self, key: &str, name: &str) -> Option<PathBuf> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let path = match self.core_value(key) {
            Some(path) => match path.strip_prefix("~/") {
                Some(rest) => home?.join(rest),
                None => self.git_directory().join(path),
            },
            None => {
                let config = std::env::var_os("XDG_CONFIG_HOME").filter(|path| !path.is_empty());
                config.map(PathBuf::from).or_else(|| Some(home?.join(".config")))?.join("git").join(name)
            }
        };
        // A device or a pipe would never end.
        let found = std::fs::metadata(&path).ok()?;
        (found.is_file() && found.len() <= MAX_USER_FILE_BYTES).then_some(path)
    }

    /// Returns the names of the remotes, as the repository's configuration lists them.
    #[must_use]
    pub fn remotes(&self) -> Vec<String> {
        own_config(&self.common_dir()).map(|config| remotes(&config)).unwrap_or_default()
    }

    /// Returns the remote that commands in help lines name: `origin`, else the first one.
    #[must_use]
    pub fn default_remote(&self) -> Option<String> {
        default_remote(&self.remotes()).map(String::from)
    }

    /// Returns the address of a remote in the repository's configuration. It is displayed and used in names, never trusted.
    #[must_use]
    pub fn remote_address(&self, name: &str) -> Option<String> {
        let text = std::fs::read(self.common_dir().join("config")).ok()?;
        let config = gix::config::File::try_from(text.to_str().ok()?).ok()?;
        config.string_by("remote", Some(name.as_bytes().as_bstr()), "url").map(|value| value.to_string())
    }

    /// Returns the hooks directory: `core.hooksPath` of the repository or the user, else the default.
    #[must_use]
    pub fn hooks_directory(&self) -> PathBuf {
        let own = std::fs::read(self.common_dir().join("config")).ok();
        let own = own.as_deref().and_then(|text| gix::config::File::try_from(text.to_str().ok()?).ok());
        let path = |config: gix::config::File| {
            config.string_by("core", None, "hooksPath").map(|value| value.to_string())
        };
        let configured = own.and_then(path).or_else(|| gix::config::File::from_globals().ok().and_then(path));
        let home = |path: String| match path.strip_prefix("~/").zip(std::env::var_os("HOME")) {
            Some((rest, home)) => PathBuf::from(home).join(rest),
            None => PathBuf::from(path),
        };
        match configured.map(home) {
            // Relative to the directory in which hooks run: the top of the working tree (githooks(5)).
            Some(path) => self.workdir().unwrap_or_else(|| self.common_dir()).join(path),
            None => self.common_dir().join("hooks"),
        }
    }

    /// Returns the configured upstream of a branch, such as `refs/remotes/origin/main`.
    ///
    /// It only suggests a base; the output names the base that was used.
    #[must_use]
    pub fn upstream(&self, branch: &str) -> Option<String> {
        let short = branch.strip_prefix("refs/heads/")?;
        let text = std::fs::read(self.common_dir().join("config")).ok()?;
        let config = gix::config::File::try_from(text.to_str().ok()?).ok()?;
        let value = |key: &str| config.string_by("branch", Some(short.as_bytes().as_bstr()), key);
        let (remote, merge) = (value("remote")?.to_string(), value("merge")?.to_string());
        let name = merge.strip_prefix("refs/heads/")?;
        match remote.as_str() {
            "." => Some(merge.clone()),
            remote => Some(format!("refs/remotes/{remote}/{name}")),
        }
    }
}
