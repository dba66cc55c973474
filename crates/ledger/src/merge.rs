//! Merging two ledgers with a common base: our lines, then theirs, if no identity was changed on both sides.

use std::collections::{BTreeSet, HashSet};

use artifact::{Problem, Ulid};
use thiserror::Error;

use crate::Event;

/// Why two ledgers cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// A side is not an extension of the common ledger.
    #[error("{side} side changes existing lines of the common ledger")]
    Changed {
        /// `our` or `their`.
        side: &'static str,
    },
    /// The last line of a side has no newline.
    #[error("the last line of {side} side is incomplete (missing final newline)")]
    Incomplete {
        /// `our` or `their`.
        side: &'static str,
    },
    /// A line is invalid.
    #[error("invalid line: {0}")]
    Line(#[from] Problem),
    /// Both sides changed one identity, or the log itself.
    #[error("{}", conflict(*.0))]
    Conflict(Option<Ulid>),
}

fn conflict(subject: Option<Ulid>) -> String {
    match subject {
        Some(ulid) => {
            format!("both sides appended events of {ulid}: their order cannot be decided by a merge")
        }
        None => "both sides appended events of the log itself".into(),
    }
}

/// Merges the lines of one segment.
///
/// # Errors
/// When a side does not extend the base, a line is invalid, or both sides changed one identity (or the log itself).
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, MergeError> {
    let suffix = |side: &'static str, bytes: &[u8]| -> Result<Vec<u8>, MergeError> {
        let whole = bytes.strip_prefix(base).filter(|_| base.is_empty() || base.ends_with(b"\n"));
        let rest = whole.ok_or(MergeError::Changed { side })?;
        if rest.is_empty() || rest.ends_with(b"\n") {
            Ok(rest.to_vec())
        } else {
            Err(MergeError::Incomplete { side })
        }
    };
    let (ours_added, theirs_added) = (suffix("our", ours)?, suffix("their", theirs)?);
    subjects(base)?;
    let touched = subjects(&ours_added)?;
    let ours_lines: HashSet<&[u8]> = ours_added.split_inclusive(|&byte| byte == b'\n').collect();
    let mut merged = ours.to_vec();
    for line in theirs_added.split_inclusive(|&byte| byte == b'\n') {
        if ours_lines.contains(line) {
            continue;
        }
        for subject in subjects(line)? {
            if touched.contains(&subject) {
                return Err(MergeError::Conflict(subject));
            }
        }
        merged.extend_from_slice(line);
    }
    Ok(merged)
}

/// Returns the identities that lines concern.
fn subjects(lines: &[u8]) -> Result<BTreeSet<Option<Ulid>>, MergeError> {
    let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| Ok(Event::read(line)?.subject)).collect()
}
