//! One finding: what is wrong, where, since when, and how to fix it.

use digest::{Digest, Hasher};
use snapshot::Object;

use crate::{CommitInfo, Difference, Level, Location, Related, RuleInfo};

/// One finding. Its strings may quote bytes from the repository: renderers pass every one through the sanitiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that reports it.
    pub rule: &'static RuleInfo,
    /// The level that policy gives the rule here; never [`Level::Allow`].
    pub level: Level,
    /// Whether this change introduced it.
    pub status: Status,
    /// Where it is; `None` when it concerns the change as a whole.
    pub location: Option<Location>,
    /// What is wrong: lower case, no closing full stop.
    pub message: String,
    /// How to fix it, most useful first, with the command to run.
    pub help: Vec<String>,
    /// Whether `id-guard fix` fixes it.
    pub fixable: bool,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// How a derived file differs from what is generated.
    pub difference: Option<Difference>,
    /// The commit that introduced it, where commits were checked one by one.
    pub commit: Option<CommitInfo>,
    /// The earlier commit that first set the value.
    pub first_set_in: Option<CommitInfo>,
    /// The other places that it concerns.
    pub related: Vec<Related>,
    /// The line of the policy that demands what the finding reports as violated.
    pub required_by: Option<Location>,
    /// The waiver that covers it.
    pub waived_by: Option<WaivedBy>,
    /// The finding that it follows from: fix that one, and this one disappears.
    pub caused_by: Option<CausedBy>,
    /// The two versions that it is about, where it is about a step of the history.
    pub compared: Option<Compared>,
}

/// The two versions that a finding compares, so that the same finding can be recognised later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// The key of the element of a collection.
    pub element: Option<String>,
    /// The file before.
    pub before: Option<Object>,
    /// The file after.
    pub after: Option<Object>,
    /// What else identifies it: the digest of the whole key of the element, or of the other files that it is about.
    pub identity: Option<Digest>,
}

/// Whether the checked change introduced a finding, or whether it was accepted when the policy was adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The change introduced it.
    Introduced,
    /// It existed before.
    Existing,
    /// The list of known findings on the base branch contains it.
    Known,
}

impl Status {
    /// Returns the keyword that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Introduced => "introduced",
            Status::Existing => "existing",
            Status::Known => "known",
        }
    }
}

/// The waiver on the base branch that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedBy {
    /// The owner of the waiver.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it applies, `YYYY-MM-DD`.
    pub until: String,
}

/// The cause of a finding that is itself only a consequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CausedBy {
    /// The code of the finding that is the cause.
    pub code: &'static str,
    /// Its fingerprint.
    pub fingerprint: String,
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
            fixable: false,
            notes: Vec::new(),
            difference: None,
            commit: None,
            first_set_in: None,
            related: Vec::new(),
            required_by: None,
            waived_by: None,
            caused_by: None,
            compared: None,
        }
    }

    /// Sets where it is.
    #[must_use]
    pub fn at(mut self, location: Location) -> Diagnostic {
        self.location = Some(location);
        self
    }

    /// Adds a way to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Marks it as one that `id-guard fix` fixes.
    #[must_use]
    pub fn fixable(mut self) -> Diagnostic {
        self.fixable = true;
        self
    }

    /// Adds something that helps to understand it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds another place that it concerns.
    #[must_use]
    pub fn related(mut self, related: Related) -> Diagnostic {
        self.related.push(related);
        self
    }

    /// Returns the other places that it concerns, the line of the policy among them.
    #[must_use]
    pub fn all_related(&self) -> Vec<Related> {
        let message = || "required by this line of the policy".to_string();
        let required = self.required_by.iter().cloned();
        let required = required.map(|location| Related { location, commit: None, message: message() });
        self.related.iter().cloned().chain(required).collect()
    }

    /// Returns whether a report for people shows it: a consequence is counted, its cause is shown.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.caused_by.is_none()
    }

    /// Returns whether it is accepted: a waiver covers it, or it is a known finding.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.waived_by.is_some() || self.status == Status::Known
    }

    /// Returns whether it makes the run fail.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.level == Level::Deny && !self.is_accepted()
    }

    /// Returns a digest that stays the same while the finding does: 32 hexadecimal digits of SHA-256 over code, path, pointer and message.
    ///
    /// Lines, columns and commits are not part of it, so that a finding keeps its identity when text moves or the branch is rebased.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Hasher::new();
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
        digest::hex::encode(&hasher.finish().0[..16])
    }

    /// Returns the digest by which a list of known findings contains it: SHA-256 over code, path, pointer, element, and mode and object id of
    /// both versions, so that no later edit of the file has the same. `None` where it compares no versions, or one has no object id yet.
    ///
    /// A fault of a tree object is recognised by its commit.
    #[must_use]
    pub fn content_fingerprint(&self) -> Option<Digest> {
        let compared = self.compared.as_ref()?;
        let location = self.location.as_ref()?;
        let version = |object: Option<Object>| match object {
            None => Some("-".to_string()),
            Some(object) => Some(format!("{} {}", object.mode.octal(), object.id?)),
        };
        let (before, after) = match (compared.before, compared.after) {
            (None, None) => ("-".to_string(), format!("commit {}", self.commit.as_ref()?.id)),
            (before, after) => (version(before)?, version(after)?),
        };
        let identity = compared.identity.map(|identity| identity.hex()).unwrap_or_default();
        let parts: [&[u8]; 7] = [
            self.rule.id.code.as_bytes(),
            location.path.as_bytes(),
            location.pointer.as_deref().unwrap_or_default().as_bytes(),
            compared.element.as_deref().unwrap_or_default().as_bytes(),
            before.as_bytes(),
            after.as_bytes(),
            identity.as_bytes(),
        ];
        let mut hasher = Hasher::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Some(hasher.finish())
    }

    /// The key by which findings are shown: worst first, then place, then code. `sort_by` with it gives one order on every machine.
    #[must_use]
    pub fn order(&self, other: &Diagnostic) -> std::cmp::Ordering {
        let key = |d: &Diagnostic| {
            let place = d.location.as_ref().map(|l| (l.path.clone(), l.span, l.pointer.clone()));
            let commit = d.commit.as_ref().map(|commit| (commit.time, commit.id));
            let rank = (d.is_accepted(), std::cmp::Reverse(d.level), d.caused_by.is_some());
            (rank, commit, place, d.rule.id.code, d.message.clone())
        };
        key(self).cmp(&key(other))
    }
}
