//! What the rules about documents share: how many findings of a file are reported, and how they show it.

mod operation_word;
mod places;
mod recorded;

use std::ops::Range;

use artifact::Problem;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Plugin, Text};
use plugin_files::{HEALTH, README, manual};
use snapshot::{RepoPath, Result};

pub(super) use operation_word::Launch;
pub(super) use places::Places;
pub(super) use recorded::{binding_problems, current_results};

/// Findings of one rule in one file; more are counted in one further finding.
const MAX_FINDINGS_PER_FILE: usize = 100;
/// Characters of a quoted word that a message shows.
const MAX_SHOWN_CHARS: usize = 120;

/// Reports the problems of a file, up to [`MAX_FINDINGS_PER_FILE`].
pub(super) fn report_some<T, F>(
    rule: &'static RuleInfo,
    text: &Text<T>,
    faults: &[F],
    findings: &mut Vec<Diagnostic>,
    mut describe: impl FnMut(&F) -> Result<Diagnostic>,
) -> Result<()> {
    for fault in faults.iter().take(MAX_FINDINGS_PER_FILE) {
        findings.push(describe(fault)?);
    }
    if let Some(more) = faults.len().checked_sub(MAX_FINDINGS_PER_FILE).filter(|more| *more > 0) {
        let message = format!("{more} more findings of this file are not shown");
        findings.push(Diagnostic::new(rule, message).at(Location::of(&text.path)));
    }
    Ok(())
}

/// Returns a problem at a place of a document that has no JSON pointers.
pub(super) fn problem(span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem { pointer: String::new(), span: span.clone(), message: message.into(), help: Some(help.into()) }
}

/// Adds the command that regenerates the file, if the place is outside the MANUAL markers.
pub(super) fn with_regenerate_help<T>(
    plugin: &Plugin,
    text: &Text<T>,
    span: &Range<usize>,
    finding: Diagnostic,
) -> Diagnostic {
    let is_derived = [README, HEALTH].iter().any(|name| text.path == plugin.path(name.as_bytes()));
    match is_derived && !manual::is_inside(&text.source, span.start) {
        true => finding.help(format!("if the spec has changed, run: id-plugin generate {}", plugin.name())),
        false => finding,
    }
}

/// Returns a quoted word as messages show it.
pub(super) fn shown(word: &str) -> String {
    match word.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((cut, _)) => format!("{}…", &word[..cut]),
        None => word.into(),
    }
}

/// Returns a path as messages show it.
pub(super) fn display_path(path: &RepoPath) -> String {
    match path.is_root() {
        true => "the repository root".into(),
        false => shown(&String::from_utf8_lossy(path.as_bytes())),
    }
}
