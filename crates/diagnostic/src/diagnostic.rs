//! One thing that is wrong: what, where, since when, and how to put it right.

use sha2::{Digest, Sha256};
use snapshot::{ObjectId, RepoPath};

use crate::{Level, RuleInfo, Snippet, Span};

/// One thing that is wrong. Its texts may quote a stranger's bytes: renderers pass every one through the sanitiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static RuleInfo,
    /// The level policy gives the rule here; never [`Level::Allow`].
    pub level: Level,
    /// Whether this change brought it.
    pub status: Status,
    /// Where it is; `None` when it concerns the change as a whole.
    pub location: Option<Location>,
    /// What is wrong: lower case, no closing full stop.
    pub message: String,
    /// How to put it right, most useful first, with the command to run.
    pub help: Vec<String>,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// The commit that brought it, where commits were judged one by one.
    pub commit: Option<CommitInfo>,
    /// The earlier commit that fixed the value.
    pub first_set_in: Option<CommitInfo>,
    /// The other ends of the conflict.
    pub related: Vec<Related>,
    /// The waiver that lets it pass.
    pub waived_by: Option<WaivedBy>,
}

/// Whether the judged change brought a finding or met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The change brought it.
    Introduced,
    /// It stood already.
    Existing,
}

impl Status {
    /// Returns the word that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Introduced => "introduced",
            Status::Existing => "existing",
        }
    }
}

/// A place in the judged tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The path.
    pub path: RepoPath,
    /// The JSON pointer (RFC 6901) of the value at fault.
    pub pointer: Option<String>,
    /// Lines and columns, where the content is text and at hand.
    pub span: Option<Span>,
    /// The line to show, with `span`.
    pub snippet: Option<Snippet>,
    /// What to write under the highlighted text, as in "was 1.2.0 since 3f2a91c".
    pub label: Option<String>,
}

impl Location {
    /// Points at a path as a whole.
    #[must_use]
    pub fn of(path: &RepoPath) -> Location {
        Location { path: path.clone(), pointer: None, span: None, snippet: None, label: None }
    }

    /// Points at a byte range of the path's content.
    #[must_use]
    pub fn at(path: &RepoPath, source: &[u8], range: std::ops::Range<usize>) -> Location {
        Location {
            span: Some(Span::of(source, range.clone())),
            snippet: Some(Snippet::cut(source, range)),
            ..Location::of(path)
        }
    }

    /// Names the value at fault by its JSON pointer.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Location {
        self.pointer = Some(pointer.into());
        self
    }

    /// Writes `label` under the highlighted text.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Location {
        self.label = Some(label.into());
        self
    }
}

/// Another end of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub location: Location,
    /// The commit in which it stands there, where that is not the judged one.
    pub commit: Option<ObjectId>,
    /// What it has to do with the finding.
    pub message: String,
}

/// A commit as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// The whole id.
    pub id: ObjectId,
    /// Name and address of the author, as the commit says: a claim, not evidence.
    pub author: String,
    /// Committer time in seconds since 1970.
    pub time: i64,
}

/// The waiver on base that lets a finding pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedBy {
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: String,
}

impl Diagnostic {
    /// Starts a diagnostic of `rule` at its own level; the reporter applies policy.
    #[must_use]
    pub fn new(rule: &'static RuleInfo, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule,
            level: rule.id.level,
            status: Status::Introduced,
            location: None,
            message: message.into(),
            help: Vec::new(),
            notes: Vec::new(),
            commit: None,
            first_set_in: None,
            related: Vec::new(),
            waived_by: None,
        }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, location: Location) -> Diagnostic {
        self.location = Some(location);
        self
    }

    /// Adds a way to put it right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Adds something that helps to understand it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds another end of the conflict.
    #[must_use]
    pub fn related(mut self, related: Related) -> Diagnostic {
        self.related.push(related);
        self
    }

    /// Returns a digest that stays the same while the finding does: 32 hexadecimal digits of SHA-256 over code, path, pointer and message.
    ///
    /// Lines, columns and commits do not enter it, so that a finding keeps its identity when text moves or the branch is rebased.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        part(self.rule.id.code.as_bytes());
        if let Some(location) = &self.location {
            part(location.path.as_bytes());
            part(location.pointer.as_deref().unwrap_or_default().as_bytes());
        }
        part(self.message.as_bytes());
        hasher.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key by which findings are shown: worst first, then place, then code. `sort_by` with it gives one order on every machine.
    #[must_use]
    pub fn order(&self, other: &Diagnostic) -> std::cmp::Ordering {
        let key = |d: &Diagnostic| {
            let place = d.location.as_ref().map(|l| (l.path.clone(), l.span, l.pointer.clone()));
            let commit = d.commit.as_ref().map(|commit| (commit.time, commit.id));
            (
                d.waived_by.is_some(),
                std::cmp::Reverse(d.level),
                commit,
                place,
                d.rule.id.code,
                d.message.clone(),
            )
        };
        key(self).cmp(&key(other))
    }
}
