//! What rules about documents share: how much of a text is told, and what is made again.

mod places;

use std::ops::Range;

use artifact::Problem;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Plugin, Text};
use plugin_files::{HEALTH, README, manual};
use snapshot::{RepoPath, Result};

pub(super) use places::Places;

/// What is told of one text: ten thousand broken links want no ten thousand messages.
const MOST: usize = 100;
/// The most characters of a stranger's word that a message shows.
const LONGEST_SHOWN: usize = 120;

/// Tells what is wrong with a text, up to a bound that is told.
pub(super) fn tell_some<T, F>(
    rule: &'static RuleInfo,
    text: &Text<T>,
    faults: &[F],
    findings: &mut Vec<Diagnostic>,
    mut tell: impl FnMut(&F) -> Result<Diagnostic>,
) -> Result<()> {
    for fault in faults.iter().take(MOST) {
        findings.push(tell(fault)?);
    }
    if let Some(more) = faults.len().checked_sub(MOST).filter(|more| *more > 0) {
        let message = format!("{more} more are not told of this file");
        findings.push(Diagnostic::new(rule, message).at(Location::of(&text.path)));
    }
    Ok(())
}

/// Says what is wrong with a place of a text that has no pointers.
pub(super) fn problem(span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem { pointer: String::new(), span: span.clone(), message: message.into(), help: Some(help.into()) }
}

/// Adds the help that belongs to what is derived: what people wrote themselves is theirs to mend.
pub(super) fn made_again<T>(
    plugin: &Plugin,
    text: &Text<T>,
    span: &Range<usize>,
    told: Diagnostic,
) -> Diagnostic {
    let is_derived = [README, HEALTH].iter().any(|name| text.path == plugin.path(name.as_bytes()));
    match is_derived && !manual::is_inside(&text.source, span.start) {
        true => told.help(format!(
            "or, where the spec says otherwise by now, make it again: id-plugin generate {}",
            plugin.name()
        )),
        false => told,
    }
}

/// A stranger's word as messages show it.
pub(super) fn shown(word: &str) -> String {
    match word.char_indices().nth(LONGEST_SHOWN) {
        Some((cut, _)) => format!("{}…", &word[..cut]),
        None => word.into(),
    }
}

/// A path as messages show it.
pub(super) fn name(path: &RepoPath) -> String {
    match path.is_root() {
        true => "the repository's root".into(),
        false => shown(&String::from_utf8_lossy(path.as_bytes())),
    }
}
