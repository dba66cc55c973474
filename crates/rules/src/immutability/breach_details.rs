//! Details of breaches that several rules of the family print.

use snapshot::RepoPath;

/// Returns a path as text. The sanitiser escapes bytes that are not text.
pub(super) fn text(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

/// Describes how similar a moved file is to the removed one.
pub(super) fn similarity(equal: bool) -> &'static str {
    if equal { "same content" } else { "similar content" }
}
