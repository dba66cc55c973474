//! Details of breaches that several rules of the family print.

use engine::{BreachContext, PathBreach};
use snapshot::RepoPath;

/// Begins the message about a field of an element with the element: its position in the pointer is not what identifies it.
pub(super) fn in_element(breach: &PathBreach, message: String) -> String {
    match &breach.element {
        Some(element) => format!("element `{element}`: {message}"),
        None => message,
    }
}

/// Advises to restore a value: the value itself, or the command that prints it where messages cut it.
pub(super) fn restore(breach: &PathBreach, was: &str, context: &BreachContext<'_>) -> String {
    if was.contains('…') {
        format!("restore the former value: {}", context.show_former(&breach.path))
    } else {
        format!("restore {was}")
    }
}

/// Returns a path as text. The sanitiser escapes bytes that are not text.
pub(super) fn text(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

/// Describes how similar a moved file is to the removed one.
pub(super) fn similarity(equal: bool) -> &'static str {
    if equal { "same content" } else { "similar content" }
}
