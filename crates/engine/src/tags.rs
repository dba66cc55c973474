//! Checks the tags that the ledger records, in every place where tags are kept.

use std::collections::BTreeMap;

use artifact::shell;
use diagnostic::{Diagnostic, Location};
use ledger::files::{FOLDER, Files, MAX_SEGMENT_BYTES, SEGMENT, segment_name};
use memchr::memchr_iter;
use policy::{Date, Policy};
use registry::tags::{RecordedTag, RecordedTags, TagMismatch, TagState};
use snapshot::{RepoPath, Result};

use crate::levels::finish_existing;
use crate::rule::{LedgerIssue, Rule};
use crate::rule_set::RuleSet;

/// The tags of one place.
pub struct PlacedTags<'t> {
    /// The name of the place in messages: `here`, `at origin`.
    pub place: &'t str,
    /// Whether it is the local clone, which may lack tags that it did not fetch.
    pub is_here: bool,
    /// Its tags, by name.
    pub found: &'t BTreeMap<String, TagState>,
}

/// Checks the tags of every place against the ledger, at the levels that policy sets, and applies waivers.
///
/// # Errors
/// When a file of the ledger cannot be read again.
pub fn check_tags(
    rules: &[&'static Rule],
    files: &dyn Files,
    record: &RecordedTags,
    places: &[PlacedTags<'_>],
    policy: &Policy,
    today: Date,
) -> Result<Vec<Diagnostic>> {
    let rules = RuleSet(rules);
    let mut lines = Lines { files, segments: BTreeMap::new() };
    let mut findings = Vec::new();
    for tag in record.tags.values() {
        let mismatches: Vec<_> = places.iter().map(|at| (at, tag.verify(at.found.get(&tag.name)))).collect();
        let right_somewhere = mismatches.iter().any(|(_, wrong)| wrong.is_none());
        let mut wrongs: Vec<(TagMismatch, Vec<&str>)> = Vec::new();
        for (at, wrong) in mismatches {
            // Who has not fetched a tag that is right elsewhere, or any tag at all, lacks it, and nothing more.
            let not_fetched = at.is_here && (right_somewhere || at.found.is_empty());
            let lacks = |wrong: &TagMismatch| not_fetched && *wrong == TagMismatch::Missing;
            let Some(wrong) = wrong.filter(|wrong| !lacks(wrong)) else {
                continue;
            };
            match wrongs.iter_mut().find(|(other, _)| *other == wrong) {
                Some((_, places)) => places.push(at.place),
                None => wrongs.push((wrong, vec![at.place])),
            }
        }
        for (what, places) in &wrongs {
            let (matter, message) = describe(tag, &places.join(" and "), what);
            findings.extend(rules.ledger_finding(matter, message, lines.place(tag.line)?));
        }
        let wrong = !wrongs.is_empty();
        let ids: Vec<_> =
            places.iter().filter_map(|at| Some((at.place, at.found.get(&tag.name)?.id))).collect();
        if let Some((one, other)) =
            ids.first().zip(ids.iter().find(|(_, id)| *id != ids[0].1)).filter(|_| !wrong)
        {
            let message = format!("tag {} differs: {} {}, {} {}", tag.name, one.1, one.0, other.1, other.0);
            findings.extend(rules.ledger_finding(LedgerIssue::TagAltered, message, lines.place(tag.line)?));
        }
    }
    for version in &record.untagged {
        let Some(message) = version.problem(&policy.tags) else { continue };
        let finding = rules.ledger_finding(LedgerIssue::TagMissing, message, lines.place(version.line)?);
        findings.extend(finding.map(|finding| Diagnostic {
            help: vec![format!(
                "publish a version that git accepts in a tag name, then yank this one: id-ledger append yank {} {} --reason \"it cannot have a tag\" --request",
                shell::word(&version.key),
                shell::word(format!("version={}", version.version))
            )],
            ..finding
        }));
    }
    let prefixes: Vec<&str> = policy.tags.each().map(artifact::tag::Template::prefix).collect();
    for at in places {
        let called =
            |name: &str| prefixes.iter().any(|prefix| !prefix.is_empty() && name.starts_with(prefix));
        for (name, found) in
            at.found.iter().filter(|(name, _)| called(name) && !record.tags.contains_key(*name))
        {
            let message = format!("tag {name} {} points to {} and is not in the ledger", at.place, found.id);
            findings.extend(rules.ledger_finding(
                LedgerIssue::TagUnrecorded,
                message,
                Location::of(&RepoPath::from(FOLDER)),
            ));
        }
    }
    finish_existing(policy, today, &mut findings);
    Ok(findings)
}

/// Describes the mismatch of a tag, with both objects.
fn describe(tag: &RecordedTag, place: &str, wrong: &TagMismatch) -> (LedgerIssue, String) {
    let (name, commit) = (&tag.name, tag.commit);
    match wrong {
        TagMismatch::Missing => (
            LedgerIssue::TagMissing,
            format!("tag {name} is missing {place}; the ledger records it for commit {commit}"),
        ),
        TagMismatch::Moved { found, commit: behind } => {
            let behind = match behind {
                Some(behind) if behind == found => format!("commit {found}"),
                Some(behind) => format!("commit {behind} (tag object {found})"),
                None => format!("{found}, which is not a commit"),
            };
            (
                LedgerIssue::TagMoved,
                format!("tag {name} {place} points to {behind}; the ledger records commit {commit}"),
            )
        }
        TagMismatch::Lightweight => (
            LedgerIssue::TagAltered,
            format!("tag {name} {place} is a lightweight tag of commit {commit}, expected an annotated tag"),
        ),
        TagMismatch::ContentDiffers { found } => (
            LedgerIssue::TagAltered,
            format!("tag {name} {place} has different content than the ledger records (object {found})"),
        ),
    }
}

/// The places of lines; each segment is read once.
struct Lines<'f> {
    files: &'f dyn Files,
    segments: BTreeMap<u64, Vec<u8>>,
}

impl Lines<'_> {
    fn place(&mut self, line: u64) -> Result<Location> {
        let segment = line / SEGMENT;
        let name = segment_name(segment);
        if !self.segments.contains_key(&segment) {
            let text = self.files.read(&name, MAX_SEGMENT_BYTES)?.unwrap_or_default();
            self.segments.insert(segment, text);
        }
        let path = RepoPath::from(FOLDER).join(name.as_bytes());
        let text = &self.segments[&segment];
        let at = usize::try_from(line % SEGMENT).unwrap_or_default();
        let mut ends = memchr_iter(b'\n', text);
        let start = if at == 0 { Some(0) } else { ends.nth(at - 1).map(|end| end + 1) };
        Ok(match start.zip(ends.next()) {
            // The whole line is one value; its start is a sufficient place.
            Some((start, _)) => Location::at(&path, text, start..start),
            None => Location::of(&path),
        })
    }
}
