//! The fields of a manifest that declare how much its plugin is trusted.

use super::PointerPattern;

/// The fields of a manifest that declare how much its plugin is trusted: a rise needs a review.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// The level.
    pub level: Option<TrustLevel>,
    /// Booleans that grant trust when they become `true`.
    pub safe: Vec<PointerPattern>,
    /// Booleans that grant trust when they become `false`.
    pub review_required: Vec<PointerPattern>,
    /// Lists of names, or names, of which each grants something.
    pub names: Vec<PointerPattern>,
}

/// A field whose value is one of several levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustLevel {
    /// The JSON pointer.
    pub at: String,
    /// The levels, from the lowest to the highest.
    pub order: Vec<String>,
}

impl Trust {
    /// Returns whether the dialect has no such field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Trust::default()
    }
}
