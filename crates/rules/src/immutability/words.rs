//! Words that several rules of the family share.

use crate::judge::{Breach, Detail};

/// Where a removed file stands now, and how alike the two are.
pub(super) fn moved(breach: &Breach) -> (String, &'static str) {
    match &breach.detail {
        Detail::Moved { to, equal } => {
            let how = if *equal { "the same content" } else { "similar content" };
            (String::from_utf8_lossy(to.as_bytes()).into_owned(), how)
        }
        _ => (String::new(), "it"),
    }
}

/// The unit's directory, and how many of its files are concerned.
pub(super) fn unit(breach: &Breach) -> (String, u32) {
    match &breach.detail {
        Detail::Unit { unit, files, .. } => (String::from_utf8_lossy(unit.as_bytes()).into_owned(), *files),
        _ => (String::new(), 0),
    }
}

/// The part of the path that is taken for another, and the other.
pub(super) fn twin(breach: &Breach) -> (String, String) {
    let text = |path: &snapshot::RepoPath| String::from_utf8_lossy(path.as_bytes()).into_owned();
    match &breach.detail {
        Detail::Twin { part, of } => (text(part), text(of)),
        _ => Default::default(),
    }
}
