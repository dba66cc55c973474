//! What a change does that a discipline forbids, before anyone has put it into words.

use policy::{Origin, Subject};
use serde::{Deserialize, Serialize};
use snapshot::{FaultKind, Object, RepoPath};

/// The ways to break a discipline. Together with the subject each leads to exactly one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BreachKind {
    /// The bytes of a fixed file changed.
    Changed,
    /// A fixed file was deleted.
    Deleted,
    /// A frozen file was deleted, and exists at another path.
    Moved,
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
    Restored,
    /// A document that its own field declares final changed.
    FinalChanged,
    /// A file of a sealed unit changed or was removed.
    UnitChanged,
    /// A file was added to a sealed unit.
    UnitLateAddition,
    /// An append-only file lost or changed bytes.
    NotAppended,
    /// Bytes were appended to a last line that had no LF.
    LastLineChanged,
    /// A removed name came back for something else.
    Reused,
    /// A path was added that some file system takes for another one.
    CaseTwin,
    /// A path was added that some file system takes for part of a sealed unit.
    UnitTwin,
    /// A frozen field changed.
    FieldChanged,
    /// A field that is set once was set again.
    FieldSetAgain,
    /// A list or map that only grows lost or changed something.
    FieldShrank,
    /// A list that only gets elements at its end changed before it.
    FieldNotAppended,
    /// A number or version that only rises fell or cannot be compared.
    FieldFell,
    /// A state went backwards, or to one that is not known.
    FieldWentBack,
    /// A field changed while the field it depends on did not.
    FieldChangedAlone,
    /// The document can no longer be read, so its fields cannot be checked.
    Unreadable,
    /// A tree object contains two entries with one name.
    TreeDuplicate,
    /// A tree object's entries are not in order.
    TreeUnsorted,
    /// A tree object contains a name that leads out of the tree or into `.git`.
    TreeUnsafe,
    /// A tree object contains a mode that git does not know.
    TreeMode,
}

impl BreachKind {
    /// Every kind, for the test that each leads to one rule.
    pub const ALL: [BreachKind; 29] = {
        use BreachKind::*;
        [
            Changed,
            Deleted,
            Moved,
            ModeChanged,
            BecameLink,
            BecameSubmodule,
            BecameDirectory,
            NotAFile,
            Restored,
            FinalChanged,
            UnitChanged,
            UnitLateAddition,
            NotAppended,
            LastLineChanged,
            Reused,
            CaseTwin,
            UnitTwin,
            FieldChanged,
            FieldSetAgain,
            FieldShrank,
            FieldNotAppended,
            FieldFell,
            FieldWentBack,
            FieldChangedAlone,
            Unreadable,
            TreeDuplicate,
            TreeUnsorted,
            TreeUnsafe,
            TreeMode,
        ]
    };

    pub(crate) fn of_fault(kind: FaultKind) -> BreachKind {
        match kind {
            FaultKind::Duplicate => BreachKind::TreeDuplicate,
            FaultKind::Unsorted => BreachKind::TreeUnsorted,
            FaultKind::Unsafe => BreachKind::TreeUnsafe,
            FaultKind::UnknownMode => BreachKind::TreeMode,
        }
    }
}

/// One breach of a discipline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// What was broken.
    pub kind: BreachKind,
    /// What the file is.
    pub subject: Subject,
    /// The path at fault.
    pub path: RepoPath,
    /// The object before the change.
    pub before: Option<Object>,
    /// The object after the change.
    pub after: Option<Object>,
    /// The data of the kind.
    pub detail: Detail,
    /// The place of the discipline; `None` for what no policy may allow.
    pub origin: Option<Origin>,
}

impl Breach {
    /// Returns whether recorded lines of the ledger were changed or removed.
    pub(crate) fn rewrites_ledger(&self) -> bool {
        use BreachKind as K;
        self.subject == Subject::Ledger
            && crate::paths::is_ledger(&self.path)
            && matches!(self.kind, K::NotAppended | K::LastLineChanged | K::Deleted | K::Moved)
    }
}

/// The data of a kind of breach.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// The new path of a removed file, and whether its bytes are the same there.
    Moved {
        /// The other path.
        to: RepoPath,
        /// Whether the content is equal, not only alike.
        equal: bool,
    },
    /// The unit and how many of its files are concerned.
    Unit {
        /// The unit's directory.
        unit: RepoPath,
        /// How many files.
        files: u32,
        /// Whether nothing of the unit is left.
        gone: bool,
    },
    /// The first byte that differs.
    Bytes {
        /// The offset, from 0.
        at: u64,
    },
    /// The path that some file system takes for this one.
    Twin {
        /// The part of the path that is taken for another.
        part: RepoPath,
        /// The other.
        of: RepoPath,
    },
    /// The commit that removed the name, by its hexadecimal id.
    Removed {
        /// The name that was removed: a file, or a directory.
        identity: RepoPath,
        /// The commit, where it is known.
        by: Option<snapshot::ObjectId>,
    },
    /// The field and what was wrong with it.
    Field {
        /// The JSON pointer.
        pointer: String,
        /// What the base version had, in words.
        was: String,
        /// What the new version has, in words.
        now: String,
        /// A note, for example the allowed values.
        note: String,
    },
    /// Why a file has no fields at all.
    Unknown {
        /// What files have fields.
        reason: String,
    },
    /// Why the version on the base branch cannot be checked, so that its values are unknown.
    Base {
        /// What is wrong with it.
        reason: String,
    },
    /// Why the document cannot be read.
    Syntax {
        /// The byte range at fault.
        start: usize,
        /// Its end.
        end: usize,
        /// The reason.
        reason: String,
    },
    /// The condition that made the document final.
    Final {
        /// The JSON pointer.
        field: String,
        /// Its value.
        value: String,
    },
}
