//! Repositories of other users: opened only if `safe.directory` names them, as git does (git-config(1)).
//!
//! The setting counts from the files of the system and of the user and from the command (`git -c`, `GIT_CONFIG_COUNT`), never from the
//! repository. Of these files only this key is read here.

use std::path::{Path, PathBuf};

use gix::bstr::{BString, ByteSlice as _};
use gix::config::file::{Metadata, includes, init};
use gix::config::{File, Source};
use snapshot::{Cause, Error, Result};

/// Refuses a repository if one of its paths belongs to another user, unless `safe.directory` names it.
///
/// `repository` is the path that the setting names: the working tree, or a bare repository itself.
pub(crate) fn refuse_foreign_owner(repository: &Path, git_dir: &Path, paths: &[&Path]) -> Result<()> {
    for path in paths {
        if !is_own(path)? {
            let real = repository.canonicalize().unwrap_or_else(|_| repository.to_path_buf());
            return if is_safe(&real, git_dir) { Ok(()) } else { Err(refused(&real, path)) };
        }
    }
    Ok(())
}

/// Refuses an alternate object directory of a user who owns neither this process nor the repository, unless `safe.directory` names it.
pub(crate) fn refuse_foreign_alternate(alternate: &Path, own: &Path, git_dir: &Path) -> Result<()> {
    if is_own(alternate)? || owner(alternate) == owner(own) {
        return Ok(());
    }
    let real = alternate.canonicalize().unwrap_or_else(|_| alternate.to_path_buf());
    // `objects` of a bare repository, or of the `.git` of a working tree.
    let named = real.ancestors().skip(1).take(2).any(|place| is_safe(place, git_dir));
    if named { Ok(()) } else { Err(refused(real.parent().unwrap_or(&real), alternate)) }
}

pub(crate) fn is_own(path: &Path) -> Result<bool> {
    gix::sec::identity::is_path_owned_by_current_user(path)
        .map_err(|error| Error::Io { what: path.display().to_string(), reason: Cause::new(error) })
}

fn refused(repository: &Path, path: &Path) -> Error {
    let owner = owner(path).map_or_else(|| "another user".into(), |owner| format!("user {owner}"));
    let name = snapshot::shell::word(repository.as_os_str().as_encoded_bytes());
    Error::Refused {
        what: format!("the repository {} is owned by {owner}", repository.display()),
        help: format!("if you trust it: git config --global --add safe.directory {name}"),
    }
}

#[cfg(unix)]
fn owner(path: &Path) -> Option<u32> {
    path.symlink_metadata().ok().map(|found| std::os::unix::fs::MetadataExt::uid(&found))
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<u32> {
    None
}

/// Returns whether `safe.directory` names a repository. The last value decides: an empty one forgets those before it.
fn is_safe(repository: &Path, git_dir: &Path) -> bool {
    let mut safe = false;
    for value in values(git_dir) {
        if value.is_empty() {
            safe = false;
        } else if value == "*" || names(&value, repository) {
            safe = true;
        }
    }
    safe
}

/// Returns whether a value names a repository: its path, or with `/*` a directory that contains it.
fn names(value: &BString, repository: &Path) -> bool {
    let Some(path) = absolute(value) else { return false };
    match path.strip_suffix("/*") {
        Some(above) => {
            let above = Path::new(above);
            let above = above.canonicalize().unwrap_or_else(|_| above.to_path_buf());
            repository != above && repository.starts_with(above)
        }
        None => Path::new(&path).canonicalize().is_ok_and(|path| path == repository),
    }
}

/// Returns the path of a value; git ignores relative ones, except for `.`, the directory that the command runs in.
fn absolute(value: &BString) -> Option<String> {
    let value = value.to_str().ok()?;
    if value == "." {
        return Some(value.into());
    }
    let home = value.strip_prefix("~/").map(|rest| Some((std::env::var("HOME").ok()?, rest)));
    match home {
        Some(found) => found.map(|(home, rest)| format!("{}/{rest}", home.trim_end_matches('/'))),
        None => Path::new(value).is_absolute().then(|| value.into()),
    }
}

/// Reads every value of `safe.directory`, those with the lowest precedence first.
fn values(git_dir: &Path) -> Vec<BString> {
    let mut found = Vec::new();
    for config in files(git_dir, true) {
        // The configuration of the repository is not among these files, and cannot be included by name from them unless the user does.
        found.extend(config.strings_by("safe", None, "directory").unwrap_or_default());
    }
    let of_command = std::env::var("GIT_CONFIG_PARAMETERS").unwrap_or_default();
    found.extend(
        parameters(&of_command).into_iter().filter_map(|(key, value)| {
            key.eq_ignore_ascii_case("safe.directory").then(|| BString::from(value))
        }),
    );
    found
}

/// Reads the configuration files of system and user with their includes, and on request the settings of the environment.
pub(crate) fn files(git_dir: &Path, with_environment: bool) -> Vec<File> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut followed = includes::Options::follow_without_conditional(home.as_deref());
    followed.conditional.git_dir = Some(git_dir);
    // A setting in the environment has no file that an include could be relative to.
    followed.err_on_missing_config_path = false;
    let options = || init::Options { includes: followed, ..init::Options::default() };
    let sources = [Source::System, Source::Git, Source::User];
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut found = Vec::new();
    for source in sources {
        let path = source.storage_location(&mut |name| std::env::var_os(name)).filter(|path| path.is_file());
        let Some(path) = path.filter(|path| !seen.contains(path)) else { continue };
        let metadata = Metadata { path: Some(path.clone()), source, level: 0, trust: gix::sec::Trust::Full };
        seen.push(path);
        // Git refuses to run with a file that it cannot read; here such a file names nothing.
        found.extend(File::from_paths_metadata([metadata], options()).ok().flatten());
    }
    if with_environment {
        found.extend(File::from_env(options()).ok().flatten());
    }
    found
}

/// Reads the settings that `git -c` passes to the programs that it starts: `'key'='value'`, formerly `'key=value'`, separated by spaces.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some((key, after)) = unquote(rest) {
        let (pair, after) = match after.strip_prefix('=') {
            Some(after) => match unquote(after) {
                Some((value, after)) => (Some((key, value)), after),
                None => (Some((key, String::new())), after),
            },
            None => (key.split_once('=').map(|(key, value)| (key.into(), value.into())), after),
        };
        found.extend(pair);
        rest = after.trim_start();
    }
    found
}

/// Reads a word in single quotes; `'\''` and `'\!'` are characters of it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let end = rest.find('\'')?;
        word += &rest[..end];
        rest = &rest[end + 1..];
        let escaped = ["\\''", "\\!'"].iter().find_map(|escape| rest.strip_prefix(escape));
        match escaped {
            Some(after) => {
                word.push(if rest.starts_with("\\!") { '!' } else { '\'' });
                rest = after;
            }
            None => return Some((word, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_command_are_read_in_both_forms() {
        let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
        for (text, expected) in [
            ("'safe.directory'='/a b'", vec![pair("safe.directory", "/a b")]),
            ("'safe.directory=/a'", vec![pair("safe.directory", "/a")]),
            ("'a.b'='x' 'safe.directory'=''", vec![pair("a.b", "x"), pair("safe.directory", "")]),
            ("'safe.directory'='/it'\\''s'", vec![pair("safe.directory", "/it's")]),
            ("'safe.directory'='/a'\\!''", vec![pair("safe.directory", "/a!")]),
            ("'a.b'=", vec![pair("a.b", "")]),
            ("'flag'", vec![]),
            ("", vec![]),
            ("'unfinished", vec![]),
        ] {
            assert_eq!(parameters(text), expected, "{text}");
        }
    }

    #[test]
    fn a_value_names_a_path_or_what_is_below_it() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        let repository = root.join("a/b");
        std::fs::create_dir_all(&repository).unwrap();
        let text = |path: &Path| path.display().to_string();
        for (value, expected) in [
            (text(&repository), true),
            (format!("{}/", text(&repository)), true),
            (format!("{}/*", text(&root)), true),
            (format!("{}/*", text(&repository)), false),
            (text(&root), false),
            ("a/b".into(), false),
            ("~/nowhere".into(), false),
        ] {
            assert_eq!(names(&value.clone().into(), &repository), expected, "{value}");
        }
    }
}
