//! Merging two ledgers that grew from one: our lines, then theirs, as long as no identity was touched on both sides.

use std::collections::{BTreeSet, HashSet};

use crate::Event;

/// Merges the lines of one segment.
///
/// # Errors
/// When a side does not continue the base, a line cannot be read, or both sides touched one identity (or the log itself).
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, String> {
    let suffix = |side: &'static str, text: &'static str, bytes: &[u8]| -> Result<Vec<u8>, String> {
        let whole = bytes.strip_prefix(base).filter(|_| base.is_empty() || base.ends_with(b"\n"));
        let rest = whole.ok_or_else(|| format!("{side} side does not only add lines to the {text}"))?;
        if rest.is_empty() || rest.ends_with(b"\n") {
            Ok(rest.to_vec())
        } else {
            Err(format!("{side} side's last line has no line feed"))
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
                        format!("both sides appended events of {ulid}: which came first is not git's to say")
                    }
                    None => "both sides appended events of the log itself".into(),
                });
            }
        }
        merged.extend_from_slice(line);
    }
    Ok(merged)
}

/// The identities that lines speak of.
fn subjects(lines: &[u8]) -> Result<BTreeSet<Option<artifact::Ulid>>, String> {
    let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            Event::read(line)
                .map(|event| event.subject)
                .map_err(|flaw| format!("a line cannot be read: {}", flaw.message))
        })
        .collect()
}
