//! Merging two ledgers with a common base: our lines, then theirs, if no identity was changed on both sides.

use std::collections::{BTreeSet, HashSet};

use crate::Event;

/// Merges the lines of one segment.
///
/// # Errors
/// When a side does not extend the base, a line is invalid, or both sides changed one identity (or the log itself).
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, String> {
    let suffix = |side: &'static str, text: &'static str, bytes: &[u8]| -> Result<Vec<u8>, String> {
        let whole = bytes.strip_prefix(base).filter(|_| base.is_empty() || base.ends_with(b"\n"));
        let rest = whole.ok_or_else(|| format!("{side} side changes existing lines of the {text}"))?;
        if rest.is_empty() || rest.ends_with(b"\n") {
            Ok(rest.to_vec())
        } else {
            Err(format!("the last line of {side} side is incomplete (missing final newline)"))
        }
    };
    let (ours_added, theirs_added) =
        (suffix("our", "common ledger", ours)?, suffix("their", "common ledger", theirs)?);
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
                return Err(match subject {
                    Some(ulid) => {
                        format!(
                            "both sides appended events of {ulid}: their order cannot be decided by a merge"
                        )
                    }
                    None => "both sides appended events of the log itself".into(),
                });
            }
        }
        merged.extend_from_slice(line);
    }
    Ok(merged)
}

/// Returns the identities that lines concern.
fn subjects(lines: &[u8]) -> Result<BTreeSet<Option<artifact::Ulid>>, String> {
    let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            Event::read(line)
                .map(|event| event.subject)
                .map_err(|problem| format!("invalid line: {}", problem.message))
        })
        .collect()
}
