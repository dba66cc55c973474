//! The closed set of event types.

/// The type of an event. The events of one commit are recorded in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum EventType {
    /// The log was created.
    Genesis,
    /// An identity was created.
    Create,
    /// The key changed.
    Rekey,
    /// An alias was added.
    AliasAdd,
    /// The artifact moved to another path.
    Move,
    /// The owner changed.
    Transfer,
    /// A version was published.
    Publish,
    /// A published version was withdrawn.
    Yank,
    /// A rule was waived for the artifact.
    Waive,
    /// The artifact was deprecated.
    Deprecate,
    /// The artifact was merged into another one.
    Consolidate,
    /// The artifact was retired.
    Retire,
    /// The signing key of the log changed.
    RotateKey,
    /// The state of all identities was recorded as one hash.
    Seal,
}

impl EventType {
    /// All types, in order.
    pub const ALL: [EventType; 14] = [
        EventType::Genesis,
        EventType::Create,
        EventType::Rekey,
        EventType::AliasAdd,
        EventType::Move,
        EventType::Transfer,
        EventType::Publish,
        EventType::Yank,
        EventType::Waive,
        EventType::Deprecate,
        EventType::Consolidate,
        EventType::Retire,
        EventType::RotateKey,
        EventType::Seal,
    ];

    /// Returns the name in ledger lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EventType::Genesis => "GENESIS",
            EventType::Create => "CREATE",
            EventType::Rekey => "REKEY",
            EventType::AliasAdd => "ALIAS_ADD",
            EventType::Move => "MOVE",
            EventType::Transfer => "TRANSFER",
            EventType::Publish => "PUBLISH",
            EventType::Yank => "YANK",
            EventType::Waive => "WAIVE",
            EventType::Deprecate => "DEPRECATE",
            EventType::Consolidate => "CONSOLIDATE",
            EventType::Retire => "RETIRE",
            EventType::RotateKey => "ROTATE_KEY",
            EventType::Seal => "SEAL",
        }
    }

    /// Returns the type with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<EventType> {
        EventType::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns whether the event concerns the log itself instead of an identity.
    #[must_use]
    pub fn is_of_log(self) -> bool {
        matches!(self, EventType::Genesis | EventType::RotateKey | EventType::Seal)
    }

    /// Returns whether the event is the first one of an identity, or of the log.
    #[must_use]
    pub fn is_first(self) -> bool {
        matches!(self, EventType::Genesis | EventType::Create)
    }
}
