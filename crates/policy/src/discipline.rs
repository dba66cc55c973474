//! Path disciplines: how existing files may change.

use artifact::{Format, Value};
use snapshot::RepoPath;

use crate::Pattern;
use crate::collection::Collection;
use crate::field::FieldRule;
use crate::origin::Origin;

/// How the files that a pattern matches may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discipline {
    /// The files, units or identities it governs.
    pub pattern: Pattern,
    /// The requirement.
    pub kind: Kind,
    /// The kind of files, which findings name.
    pub subject: Subject,
    /// Where the policy declares it.
    pub origin: Origin,
    /// Where the policy names the pattern.
    pub pattern_origin: Origin,
    /// The pack whose manifests it governs, where it governs those of a dialect alone.
    pub of_dialect: Option<String>,
    /// The format of the documents, where their names do not give it.
    pub format: Option<Format>,
    /// Whether it may govern no file at all.
    pub is_optional: bool,
}

/// The requirement of a discipline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Content, mode and path never change; with a condition, once the version on base satisfies it.
    Frozen {
        /// The condition; immediately frozen if `None`.
        when: Option<When>,
    },
    /// A card with its own rules: its identity stays, its lists grow, its status moves forward, its version increases with every edit.
    Versioned,
    /// A directory that exists never changes: no edit, no removal, no late addition.
    Sealed,
    /// Only whole lines are added at the end.
    AppendOnly,
    /// A removed name is never reused for another artifact.
    Burned,
    /// Fields of the document change only as declared.
    Fields(DocumentRules),
}

/// How the content of a document may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRules {
    /// The fields, with their disciplines.
    pub fields: Vec<FieldRule>,
    /// The lists and mappings whose elements are governed.
    pub collections: Vec<Collection>,
    /// Whether the file may be removed or renamed.
    pub may_be_removed: bool,
}

/// A condition on a field of the base version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The JSON pointer of the field.
    pub field: String,
    /// The values, as a document writes them, of which it must have one.
    pub values: Vec<String>,
}

impl When {
    /// Returns the value of the field, as the document writes it, where the condition applies.
    #[must_use]
    pub fn matched(&self, document: &Value) -> Option<String> {
        let value = document.pointer(&self.field)?.source_text()?;
        self.values.iter().any(|expected| *expected == value).then(|| value.into_owned())
    }
}

/// The kind of files under a discipline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Subject {
    /// Any files.
    Path,
    /// ID cards.
    Card,
    /// The ledger.
    Ledger,
}

impl Kind {
    /// Returns the name that policy files use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Frozen { .. } => "frozen",
            Kind::Versioned => "versioned",
            Kind::Sealed => "sealed",
            Kind::AppendOnly => "append-only",
            Kind::Burned => "burned",
            Kind::Fields(_) => "fields",
        }
    }
}

impl Discipline {
    /// Returns the format of a document that it governs: the one that it declares, else that of the extension.
    #[must_use]
    pub fn format_of(&self, path: &RepoPath) -> Option<Format> {
        self.format.or_else(|| Format::of_path(path))
    }

    /// Returns whether it may govern a path below the directory, ignoring case.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        let path = directory.as_bytes();
        self.pattern.enters(path)
            || self.is_of_unit() && self.pattern.unit_of_folded(&[path, b"/."].concat()).is_some()
    }

    /// Returns whether it governs the file: the file matches, or is in a unit or identity that does.
    #[must_use]
    pub fn governs(&self, file: &RepoPath) -> bool {
        let path = file.as_bytes();
        match self.kind {
            Kind::Sealed => self.pattern.unit_of(path).is_some(),
            Kind::Burned => self.pattern.identity_of(path).is_some(),
            _ => self.pattern.matches(path),
        }
    }

    /// Returns the policy key of its pattern.
    #[must_use]
    pub fn selector(&self) -> &'static str {
        match self.kind {
            Kind::Sealed => "unit",
            Kind::Burned => "identity",
            _ => "match",
        }
    }

    /// Returns whether it reads the content of the files as documents.
    #[must_use]
    pub fn reads_documents(&self) -> bool {
        matches!(self.kind, Kind::Fields(_) | Kind::Frozen { when: Some(_) })
    }

    /// Returns whether it may govern the file, ignoring case.
    #[must_use]
    pub fn concerns(&self, file: &RepoPath) -> bool {
        let path = file.as_bytes();
        match self.kind {
            Kind::Sealed | Kind::Burned => {
                self.pattern.unit_of_folded(path).is_some() || self.pattern.matches_folded(path)
            }
            _ => self.pattern.matches_folded(path),
        }
    }

    fn is_of_unit(&self) -> bool {
        matches!(self.kind, Kind::Sealed | Kind::Burned)
    }
}
