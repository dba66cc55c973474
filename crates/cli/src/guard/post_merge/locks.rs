//! Lock files that git leaves when it is killed: named with their age and the command that removes them, and never removed.

use std::path::PathBuf;

use repo::Repository;

use crate::environment;
use crate::error::CommandError;

/// The locks of a working tree that a git command of this job takes.
const IN_WORKTREE: [&str; 3] = ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"];
/// The locks of all working trees.
const SHARED: [&str; 1] = ["packed-refs.lock"];

/// Explains a failed operation by a lock file that git left; returns the error unchanged where none exists. `refs` are those that it changes.
pub(super) fn explain(
    repository: &Repository,
    refs: impl Iterator<Item = String>,
    error: CommandError,
) -> CommandError {
    let (own, common) = (repository.git_dir(), repository.common_dir());
    let places = IN_WORKTREE.iter().map(|name| own.join(name));
    let places = places.chain(SHARED.iter().map(|name| common.join(name)));
    let places = places.chain(refs.map(|name| common.join(format!("{name}.lock"))));
    let found: Option<(PathBuf, i64)> =
        places.into_iter().find_map(|place| Some((place.clone(), repo::disk::modified(&place)?)));
    let Some((place, modified)) = found else { return error };
    let shown = diagnostic::sanitise::text(&place.display().to_string());
    let age = age((environment::now() - modified).max(0));
    CommandError::failed_with(
        format!("{shown} is {age} old: another git works here, or one was killed ({})", error.message()),
        format!(
            "if no git works here any more, remove it: rm {}, and run it again",
            artifact::shell::word(place.display().to_string())
        ),
    )
}

/// Returns an age in the largest unit that fits.
fn age(seconds: i64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let (unit, length) = units.into_iter().find(|(_, length)| seconds >= *length).unwrap_or(("second", 1));
    let count = seconds / length;
    match count {
        1 => format!("1 {unit}"),
        more => format!("{more} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_has_one_unit() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (7_199, "1 hour"),
            (7_200, "2 hours"),
            (200_000, "2 days"),
        ] {
            assert_eq!(age(seconds), text);
        }
    }
}
