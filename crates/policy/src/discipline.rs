//! Path disciplines: how the files of a path may change once they stand.

use snapshot::RepoPath;

use crate::Pattern;

/// How the files that a pattern matches may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discipline {
    /// The files, the units or the identities it speaks of.
    pub pattern: Pattern,
    /// What is demanded of them.
    pub kind: Kind,
    /// What the files are, so that findings can speak of them by name.
    pub subject: Subject,
    /// Where it is said.
    pub origin: Origin,
}

/// What a discipline demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Bytes, mode and place never change; with a condition, once the version on base fulfils it.
    Frozen {
        /// When the freezing begins; at once if `None`.
        when: Option<When>,
    },
    /// A card that is edited under rules of its own: its identity stays, its lists grow, its status moves forward, its version counts the edits.
    Versioned,
    /// A directory that exists never changes: no edit, no removal, no late addition.
    Sealed,
    /// Only whole lines are added at the end.
    AppendOnly,
    /// A name that was removed never comes back for something else.
    Burned,
    /// Fields of the document change only as said: JSON pointers (RFC 6901) with their disciplines.
    Fields(Vec<(String, FieldDiscipline)>),
}

/// A condition on a field of the base version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The JSON pointer of the field.
    pub field: String,
    /// The text it must equal.
    pub equals: String,
}

/// How a field may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldDiscipline {
    /// Never.
    Frozen,
    /// Set at most once.
    Once,
    /// A list or map that loses nothing.
    GrowOnly,
    /// A list that only gets new elements at its end.
    AppendOnly,
    /// Only upwards: whole numbers, or versions by SemVer 2.0.0 precedence.
    Increasing,
    /// Only towards the end of the states.
    Forward(Vec<String>),
    /// Not while the field at the pointer stays the same.
    FrozenWhile(String),
}

/// What the files under a discipline are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Subject {
    /// Any files.
    Path,
    /// ID cards.
    Card,
    /// The ledger.
    Ledger,
}

/// Where a discipline is said: a file, and the line in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The file; a pack embedded in the program is named by where it lies in a repository.
    pub path: RepoPath,
    /// The line, from 1.
    pub line: u32,
    /// Whether the file is the program's own copy.
    pub embedded: bool,
}

impl Kind {
    /// Returns the word that policy files use.
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
    /// Tells whether anything below the directory could matter to it, however the names are cased.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        let path = directory.as_bytes();
        self.pattern.enters(path)
            || self.is_of_unit() && self.pattern.unit_of_folded(&[path, b"/."].concat()).is_some()
    }

    /// Tells whether a file could matter to it, however its names are cased.
    #[must_use]
    pub fn concerns(&self, file: &RepoPath) -> bool {
        let path = file.as_bytes();
        match self.kind {
            Kind::Sealed => self.pattern.unit_of_folded(path).is_some() || self.pattern.matches_folded(path),
            Kind::Burned => self.pattern.unit_of_folded(path).is_some() || self.pattern.matches_folded(path),
            _ => self.pattern.matches_folded(path),
        }
    }

    fn is_of_unit(&self) -> bool {
        matches!(self.kind, Kind::Sealed | Kind::Burned)
    }
}
