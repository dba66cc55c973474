//! Places and commits as findings name them.

use snapshot::{ObjectId, RepoPath};

use crate::{Snippet, Span};

/// A place in the checked tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The path.
    pub path: RepoPath,
    /// The JSON pointer (RFC 6901) of the value at fault.
    pub pointer: Option<String>,
    /// Lines and columns, where the content is text and available.
    pub span: Option<Span>,
    /// The line to show, with `span`.
    pub snippet: Option<Snippet>,
    /// What to write under the highlighted text, as in "was 1.2.0".
    pub label: Option<String>,
}

impl Location {
    /// Points at a path as a whole.
    #[must_use]
    pub fn of(path: &RepoPath) -> Location {
        Location { path: path.clone(), pointer: None, span: None, snippet: None, label: None }
    }

    /// Points at a byte range of the path's content. A range that starts with indentation starts at the text instead.
    #[must_use]
    pub fn at(path: &RepoPath, source: &[u8], range: std::ops::Range<usize>) -> Location {
        let range = without_indentation(source, range);
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

/// Cuts spaces and tabs at the start of a range, unless nothing else is in it.
fn without_indentation(source: &[u8], range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = range.start.min(source.len());
    let marked = &source[start..range.end.clamp(start, source.len())];
    let indentation = marked.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let is_blank = marked.get(indentation).is_none_or(|&byte| byte == b'\n' || byte == b'\r');
    if is_blank { range } else { start + indentation..range.end }
}

/// Another place that a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub location: Location,
    /// The commit that contains it, where that is not the checked one.
    pub commit: Option<ObjectId>,
    /// What it has to do with the finding.
    pub message: String,
}

/// A commit as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// The whole id.
    pub id: ObjectId,
    /// Name and address of the author, as recorded in the commit: a claim, not evidence.
    pub author: String,
    /// Committer time in seconds since 1970.
    pub time: i64,
}

impl CommitInfo {
    /// Returns the short id with the day, as in `3f2a91c (2026-11-02)`.
    #[must_use]
    pub fn dated(&self) -> String {
        match jiff::Timestamp::from_second(self.time) {
            Ok(time) => format!("{} ({})", self.id.short(), time.strftime("%Y-%m-%d")),
            Err(_) => self.id.short(),
        }
    }
}
