//! Known findings: what an audit found when the policy was adopted, read from the base branch.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use codes::RuleId;
use diagnostic::{Diagnostic, Location};
use digest::Digest;
use serde::Serialize;
use snapshot::{ObjectId, RepoPath};

use crate::is_protected;

/// An accepted finding of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFinding {
    /// The code of its rule.
    pub code: &'static str,
    /// The path, as text.
    pub path: String,
    /// The JSON pointer of the value.
    pub pointer: Option<String>,
    /// The commit that introduced it.
    pub commit: Option<ObjectId>,
    /// Identifies it: [`Diagnostic::content_fingerprint`].
    pub fingerprint: Digest,
    /// The byte range of its line; empty where it is not in a file yet.
    pub span: Range<usize>,
}

/// The line of an entry, with its keys in the order of the file.
#[derive(Serialize)]
struct Line<'k> {
    code: &'k str,
    path: &'k str,
    pointer: Option<&'k str>,
    commit: Option<String>,
    fingerprint: String,
}

impl KnownFinding {
    /// Makes the entry of a finding; `None` where no list may contain it: its rule is protected, or it compares no versions of a file.
    #[must_use]
    pub fn of(finding: &Diagnostic) -> Option<KnownFinding> {
        let location = finding.location.as_ref()?;
        let fingerprint = finding.content_fingerprint()?;
        can_be_known(&finding.rule.id).then(|| KnownFinding {
            code: finding.rule.id.code,
            path: text_of(&location.path),
            pointer: location.pointer.clone(),
            commit: finding.commit.as_ref().map(|commit| commit.id),
            fingerprint,
            span: 0..0,
        })
    }

    /// Returns the entry as a JSON line, without its end.
    #[must_use]
    pub fn line(&self) -> String {
        let line = Line {
            code: self.code,
            path: &self.path,
            pointer: self.pointer.as_deref(),
            commit: self.commit.map(|commit| commit.to_string()),
            fingerprint: self.fingerprint.hex(),
        };
        serde_json::to_string(&line).expect("strings are JSON")
    }
}

/// Returns whether findings of a rule can be known: not where no waiver could cover them.
#[must_use]
pub fn can_be_known(rule: &RuleId) -> bool {
    !is_protected(rule)
}

/// A path as text; the fingerprint contains its bytes.
fn text_of(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes()).into_owned()
}

/// The list of known findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownFindings {
    /// The path of the file.
    pub path: RepoPath,
    /// Its text, to point into.
    pub text: Vec<u8>,
    /// Its entries.
    pub entries: Vec<KnownFinding>,
    /// The entries by their fingerprint.
    by_fingerprint: HashMap<Digest, Vec<usize>>,
}

impl KnownFindings {
    /// Creates a list from the entries of a file.
    #[must_use]
    pub fn new(path: RepoPath, text: Vec<u8>, entries: Vec<KnownFinding>) -> KnownFindings {
        let mut by_fingerprint: HashMap<Digest, Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_fingerprint.entry(entry.fingerprint).or_default().push(at);
        }
        KnownFindings { path, text, entries, by_fingerprint }
    }

    /// Returns the entries that contain a finding, by their position. What an entry shows of it has to be true: a reviewer reads that.
    #[must_use]
    pub fn find(&self, finding: &Diagnostic) -> Vec<usize> {
        // A list is empty in most repositories, and a fingerprint has its price.
        if self.entries.is_empty() {
            return Vec::new();
        }
        let Some(found) = KnownFinding::of(finding) else { return Vec::new() };
        let candidates = self.by_fingerprint.get(&found.fingerprint).map(Vec::as_slice).unwrap_or_default();
        let shows = |at: &&usize| {
            let entry = &self.entries[**at];
            (entry.code, &entry.path, &entry.pointer) == (found.code, &found.path, &found.pointer)
        };
        candidates.iter().filter(shows).copied().collect()
    }

    /// Returns the place of an entry.
    #[must_use]
    pub fn place(&self, entry: &KnownFinding) -> Location {
        Location::at(&self.path, &self.text, entry.span.clone())
    }
}

/// Writes entries as the file contains them: one line for each finding, sorted by bytes, the earlier commit where one comes twice.
#[must_use]
pub fn write_known_findings(entries: impl IntoIterator<Item = KnownFinding>) -> String {
    let mut by_fingerprint: BTreeMap<[u8; 32], KnownFinding> = BTreeMap::new();
    for entry in entries {
        by_fingerprint.entry(entry.fingerprint.0).or_insert(entry);
    }
    let mut lines: Vec<String> = by_fingerprint.into_values().map(|entry| entry.line() + "\n").collect();
    lines.sort_unstable();
    lines.concat()
}
