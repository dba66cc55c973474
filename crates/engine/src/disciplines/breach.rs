//! What a change does that a discipline forbids, before a rule describes it.

use artifact::{Format, SyntaxError};
use digest::Digest;
use policy::{Origin, Subject};
use serde::{Deserialize, Serialize};
use snapshot::{Change, FaultKind, Object, ObjectId, RepoPath};

/// Defines [`Breach`] together with the list of its variants, so that the list is always complete.
macro_rules! breaches {
    ($(
        $(#[$doc:meta])*
        $variant:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ })?,
    )+) => {
        /// The ways to break a discipline, each with its data. Together with the subject each leads to exactly one rule.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Breach {
            $($(#[$doc])* $variant $({ $($(#[$field_doc])* $field: $type,)+ })?,)+
        }

        impl Breach {
            /// Returns one breach of each variant, with empty data, for the test that each leads to one rule.
            #[must_use]
            pub fn each() -> Vec<Breach> {
                vec![$(Breach::$variant $({ $($field: <$type>::default(),)+ })?,)+]
            }
        }
    };
}

breaches! {
    /// The bytes of a fixed file changed.
    Changed,
    /// A fixed file was deleted.
    Deleted,
    /// A frozen file was deleted, and exists at another path.
    Moved {
        /// The other path.
        to: RepoPath,
        /// Whether the content is equal, not only similar.
        equal: bool,
    },
    /// A fixed file's executable bit changed.
    ModeChanged,
    /// A file became a symbolic link.
    BecameLink,
    /// A file became a submodule.
    BecameSubmodule,
    /// A file became a directory.
    BecameDirectory,
    /// A governed path was added as something else than a regular file.
    NotAFile,
    /// A fixed file got back the value it was first given.
    Restored {
        /// The removed name that came back, where the file did not exist in between.
        removed: Option<RemovedName>,
    },
    /// A document that its own field declares final changed.
    FinalChanged {
        /// The JSON pointer of the field.
        field: String,
        /// The value of the field on the base branch.
        value: String,
    },
    /// A file of a sealed unit changed or was removed.
    UnitChanged {
        /// The directory of the unit.
        unit: RepoPath,
        /// How many of its files changed or were removed.
        files: u32,
    },
    /// A file was added to a sealed unit.
    UnitLateAddition {
        /// The directory of the unit.
        unit: RepoPath,
        /// How many files were added.
        files: u32,
    },
    /// An append-only file lost or changed bytes.
    NotAppended {
        /// The offset of the first byte that changed, from 0; `None` where bytes were only removed.
        at: Option<u64>,
    },
    /// Bytes were appended to a last line that had no LF.
    LastLineChanged,
    /// A removed name came back for something else.
    Reused {
        /// The name.
        removed: RemovedName,
    },
    /// A path was added that some file system takes for another one.
    CaseTwin {
        /// The part of the path that is taken for another.
        part: RepoPath,
        /// The other.
        of: RepoPath,
    },
    /// A path was added that some file system takes for part of a sealed unit.
    UnitTwin {
        /// The part of the path that is taken for another.
        part: RepoPath,
        /// The other.
        of: RepoPath,
    },
    /// A frozen field changed.
    FieldChanged {
        /// The JSON pointer of the first value that differs.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
    },
    /// A field that is set once was set again.
    FieldSetAgain {
        /// The JSON pointer of the first value that differs.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
    },
    /// A list or mapping that only grows lost or changed an entry.
    FieldShrank {
        /// The JSON pointer.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// What it lost.
        lost: String,
    },
    /// A list that only gets elements at its end changed before it.
    FieldNotAppended {
        /// The JSON pointer.
        pointer: String,
        /// The list before, as text.
        was: String,
        /// The value after, as text.
        now: String,
    },
    /// A version that only rises fell, or is none any more.
    FieldFell {
        /// The JSON pointer.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
        /// What happened to it.
        message: String,
        /// What else changed.
        note: Option<String>,
    },
    /// A version that only rises changed as it may, in a way that its author should know. No rule reports it.
    FieldNoted {
        /// The JSON pointer.
        pointer: String,
        /// What to know.
        note: String,
    },
    /// Neither value of a version that only rises is one, so they cannot be compared.
    NotVersions {
        /// The JSON pointer.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
        /// The scheme that the policy declares.
        scheme: String,
        /// The schemes that accept both values.
        fitting: String,
    },
    /// A state went backwards, or to one that is not known.
    FieldWentBack {
        /// The JSON pointer.
        pointer: String,
        /// The state before, as text.
        was: String,
        /// The state after, as text.
        now: String,
        /// What is allowed: the known states, or their order.
        allowed: String,
    },
    /// A field changed while the field it depends on did not.
    FieldChangedAlone {
        /// The JSON pointer of the first value that differs.
        pointer: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
        /// The JSON pointer of the field that did not change.
        unchanged: String,
    },
    /// A frozen element of a collection changed.
    ElementChanged {
        /// The JSON pointer of the first value that differs.
        pointer: String,
        /// The key of the element.
        key: String,
        /// The value before, as text.
        was: String,
        /// The value after, as text.
        now: String,
    },
    /// An element that only grows lost or changed an entry.
    ElementShrank {
        /// The JSON pointer of the element.
        pointer: String,
        /// The key of the element.
        key: String,
        /// The element before, as text.
        was: String,
        /// What it lost.
        lost: String,
    },
    /// An element was added to a collection that gets none.
    ElementAdded {
        /// The JSON pointer of the element.
        pointer: String,
        /// The key of the element.
        key: String,
        /// The JSON pointer of the field that the collection belongs to.
        belongs_to: Option<String>,
    },
    /// An element was removed.
    ElementRemoved {
        /// The JSON pointer of the element before.
        pointer: String,
        /// The JSON pointer of the collection.
        collection: String,
        /// The key of the element.
        key: String,
        /// The element before, as text.
        was: String,
    },
    /// Elements changed their order, or a new one is at the wrong place.
    ElementMoved {
        /// The JSON pointer of the element.
        pointer: String,
        /// The key of the element.
        key: String,
        /// What is wrong with its place.
        problem: String,
    },
    /// An element has no key, or that of another one.
    ElementKeyInvalid {
        /// The JSON pointer of the element, or of the collection.
        pointer: String,
        /// What is wrong.
        problem: String,
        /// Whether the base branch has the same fault.
        is_on_base: bool,
    },
    /// The key of a removed element returned with another value.
    ElementReused {
        /// The JSON pointer of the element.
        pointer: String,
        /// The key of the element.
        key: String,
    },
    /// A new document cannot be read, so its fields could never be checked.
    NewUnreadable {
        /// Why.
        fault: ReadFault,
    },
    /// The document could be read, and cannot be read any more.
    Unreadable {
        /// Why.
        fault: ReadFault,
    },
    /// The document could not be read before, and still cannot.
    StillUnreadable {
        /// Why.
        fault: ReadFault,
    },
    /// The version on the base branch cannot be read, so its values are unknown.
    BaseUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The format of the file is not known, so it has no fields.
    FormatUnknown,
    /// A tree object contains two entries with one name.
    TreeDuplicate,
    /// A tree object's entries are not in order.
    TreeUnsorted,
    /// A tree object contains a name that leads out of the tree or into `.git`.
    TreeUnsafe,
    /// A tree object contains a mode that git does not know.
    TreeMode,
}

/// Why a document cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReadFault {
    /// The first byte at fault.
    pub start: usize,
    /// The end of the bytes at fault.
    pub end: usize,
    /// What is wrong.
    pub reason: String,
    /// How to fix it, where the reader knows.
    pub help: Option<String>,
}

impl From<SyntaxError> for ReadFault {
    fn from(error: SyntaxError) -> ReadFault {
        let SyntaxError { message, help, span, .. } = error;
        ReadFault { start: span.start, end: span.end, reason: message, help }
    }
}

/// A name that was removed and came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RemovedName {
    /// The name: the path of a file or directory.
    pub identity: RepoPath,
    /// The commit that removed it, where it is known.
    pub by: Option<ObjectId>,
}

impl Breach {
    /// Returns the JSON pointer of what it is about, where it is about a value.
    pub(crate) fn pointer(&self) -> Option<&str> {
        match self {
            Breach::FieldChanged { pointer, .. }
            | Breach::FieldSetAgain { pointer, .. }
            | Breach::FieldShrank { pointer, .. }
            | Breach::FieldNotAppended { pointer, .. }
            | Breach::FieldFell { pointer, .. }
            | Breach::FieldNoted { pointer, .. }
            | Breach::NotVersions { pointer, .. }
            | Breach::FieldWentBack { pointer, .. }
            | Breach::FieldChangedAlone { pointer, .. }
            | Breach::ElementChanged { pointer, .. }
            | Breach::ElementShrank { pointer, .. }
            | Breach::ElementAdded { pointer, .. }
            | Breach::ElementRemoved { pointer, .. }
            | Breach::ElementMoved { pointer, .. }
            | Breach::ElementKeyInvalid { pointer, .. }
            | Breach::ElementReused { pointer, .. } => Some(pointer),
            _ => None,
        }
    }

    /// Moves a breach of a field of an element to the element's place in the document.
    pub(crate) fn move_below(&mut self, element: &str) {
        match self {
            Breach::FieldChangedAlone { pointer, unchanged, .. } => {
                pointer.insert_str(0, element);
                unchanged.insert_str(0, element);
            }
            Breach::FieldChanged { pointer, .. }
            | Breach::FieldSetAgain { pointer, .. }
            | Breach::FieldShrank { pointer, .. }
            | Breach::FieldNotAppended { pointer, .. }
            | Breach::FieldFell { pointer, .. }
            | Breach::FieldNoted { pointer, .. }
            | Breach::NotVersions { pointer, .. }
            | Breach::FieldWentBack { pointer, .. } => pointer.insert_str(0, element),
            _ => {}
        }
    }

    pub(crate) fn of_fault(kind: FaultKind) -> Breach {
        match kind {
            FaultKind::Duplicate => Breach::TreeDuplicate,
            FaultKind::Unsorted => Breach::TreeUnsorted,
            FaultKind::Unsafe => Breach::TreeUnsafe,
            FaultKind::UnknownMode => Breach::TreeMode,
        }
    }
}

/// Returns the digest of files and a further one.
pub(crate) fn add_file(digest: Option<&str>, change: &Change) -> String {
    let version = |object: Option<Object>| match object {
        None => "-".to_string(),
        Some(object) => {
            format!("{} {}", object.mode.octal(), object.id.map(|id| id.to_string()).unwrap_or_default())
        }
    };
    let mut bytes = digest.unwrap_or_default().as_bytes().to_vec();
    for part in [version(change.before).as_bytes(), version(change.after).as_bytes(), change.path.as_bytes()]
    {
        bytes.push(0);
        bytes.extend_from_slice(part);
    }
    Digest::of(bytes).hex()
}

/// The variant of a breach without its data, for comparisons of what is broken.
pub(crate) type BreachVariant = std::mem::Discriminant<Breach>;

/// A breach of a discipline at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathBreach {
    /// What was broken.
    pub kind: Breach,
    /// What the file is.
    pub subject: Subject,
    /// The path at fault.
    pub path: RepoPath,
    /// The object before the change.
    pub before: Option<Object>,
    /// The object after the change.
    pub after: Option<Object>,
    /// The place of the discipline; `None` for what no policy may allow.
    pub origin: Option<Origin>,
    /// How the document is read, where the policy declares it.
    pub format: Option<Format>,
    /// The element of a collection, as messages name it, where it is about one.
    pub element: Option<String>,
    /// What else identifies it, as a digest in hexadecimal: the whole key of the element, or the other files that it is about.
    pub identity: Option<String>,
}

impl PathBreach {
    /// Returns what its author should know, where it is a note and not a breach.
    pub(crate) fn note(&self) -> Option<String> {
        let Breach::FieldNoted { pointer, note } = &self.kind else { return None };
        let path = String::from_utf8_lossy(self.path.as_bytes());
        let element =
            self.element.as_ref().map_or_else(String::new, |element| format!("element `{element}`: "));
        Some(format!("note: {path}: {element}`{pointer}`: {note}"))
    }

    /// Makes the breach one about a further file.
    pub(crate) fn add_file(&mut self, change: &Change) {
        self.identity = Some(add_file(self.identity.as_deref(), change));
    }

    /// Returns the variant of the breach.
    pub(crate) fn variant(&self) -> BreachVariant {
        std::mem::discriminant(&self.kind)
    }

    /// Returns the variant, the path and the content after the change: comparisons with several parents of a merge find it again.
    pub(crate) fn key(&self) -> (BreachVariant, RepoPath, Option<ObjectId>) {
        (self.variant(), self.path.clone(), self.after.and_then(|after| after.id))
    }

    /// Returns the commit that removed the name that came back, where it is known.
    pub(crate) fn removed_by(&self) -> Option<ObjectId> {
        match &self.kind {
            Breach::Restored { removed: Some(removed) } | Breach::Reused { removed } => removed.by,
            _ => None,
        }
    }

    /// Returns whether recorded lines of the ledger were changed or removed.
    pub(crate) fn rewrites_ledger(&self) -> bool {
        self.subject == Subject::Ledger
            && crate::paths::is_ledger(&self.path)
            && matches!(
                self.kind,
                Breach::NotAppended { .. } | Breach::LastLineChanged | Breach::Deleted | Breach::Moved { .. }
            )
    }
}
