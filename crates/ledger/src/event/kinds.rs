//! What can happen: the closed set of types.

/// What happened. The order is the one in which the events of one commit are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum EventType {
    /// The log began.
    Genesis,
    /// An identity was minted.
    Create,
    /// It has another key.
    Rekey,
    /// It has one more key.
    AliasAdd,
    /// It lies elsewhere.
    Move,
    /// Somebody else answers for it.
    Transfer,
    /// A version of it was published.
    Publish,
    /// A published version is not to be used any more.
    Yank,
    /// A rule was waived for it.
    Waive,
    /// It is not to be relied on any more.
    Deprecate,
    /// It went into another identity.
    Consolidate,
    /// It is gone.
    Retire,
    /// The log is signed by another key.
    RotateKey,
    /// The state of every identity, as one hash.
    Seal,
}

impl EventType {
    /// Every type, in their order.
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

    /// Returns the name that lines use.
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

    /// Finds a type by its name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<EventType> {
        EventType::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether the event is of the log itself, and of no identity.
    #[must_use]
    pub fn is_of_log(self) -> bool {
        matches!(self, EventType::Genesis | EventType::RotateKey | EventType::Seal)
    }

    /// Tells whether the event is the first of its identity, or of the log.
    #[must_use]
    pub fn begins(self) -> bool {
        matches!(self, EventType::Genesis | EventType::Create)
    }
}
