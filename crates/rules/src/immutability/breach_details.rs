//! Details of breaches that several rules of the family print.

use engine::{Breach, Detail};

/// Returns the new path of a moved file, and how similar the two files are.
pub(super) fn moved(breach: &Breach) -> (String, &'static str) {
    match &breach.detail {
        Detail::Moved { to, equal } => {
            let how = if *equal { "same content" } else { "similar content" };
            (String::from_utf8_lossy(to.as_bytes()).into_owned(), how)
        }
        _ => (String::new(), "it"),
    }
}

/// Returns the sealed directory, and how many of its files changed.
pub(super) fn unit(breach: &Breach) -> (String, u32) {
    match &breach.detail {
        Detail::Unit { unit, files, .. } => (String::from_utf8_lossy(unit.as_bytes()).into_owned(), *files),
        _ => (String::new(), 0),
    }
}

/// Returns the part of the path that collides, and the path that it collides with.
pub(super) fn collision(breach: &Breach) -> (String, String) {
    let text = |path: &snapshot::RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    match &breach.detail {
        Detail::Twin { part, of } => (text(part), text(of)),
        _ => Default::default(),
    }
}
