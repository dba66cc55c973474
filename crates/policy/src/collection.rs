//! Collections: how the elements of a list or mapping in a document may change, each found by its key.

use crate::field::FieldRule;
use crate::origin::Origin;

/// How the elements of a list or mapping may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The JSON pointer of the list or mapping; empty for the whole document.
    pub at: String,
    /// What identifies an element of a list; a mapping has keys of its own.
    pub key: Vec<KeyPart>,
    /// What an element may become.
    pub elements: ElementRule,
    /// Pointers into the element that change freely.
    pub except: Vec<String>,
    /// Whether an element may be removed.
    pub removal: Removal,
    /// Whether elements with new keys may appear.
    pub may_be_extended: bool,
    /// The JSON pointer of a field: the collection is governed only while it stays.
    pub while_unchanged: Option<String>,
    /// Where elements stay, and new ones go.
    pub order: Order,
    /// Where the policy declares it.
    pub origin: Origin,
}

/// A part of the key of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// The value at a pointer into the element, if it has one.
    Pointer(String),
    /// The value at the only one of the pointers that the element has.
    AnyOf(Vec<String>),
}

/// What an element with the same key on both sides may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ElementRule {
    /// Nothing else.
    Frozen,
    /// The same with more entries.
    GrowOnly,
    /// What the disciplines of its fields allow.
    Fields(Vec<FieldRule>),
    /// Anything.
    Free,
}

/// Whether an element may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Never.
    Forbidden,
    /// Yes.
    Allowed,
    /// Yes, and its key never returns with another value.
    Burned,
}

/// Where the elements of a list stay, and new ones go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Anywhere.
    Any,
    /// In their order, new ones after them.
    Append,
    /// In their order, new ones before them.
    NewestFirst,
}
