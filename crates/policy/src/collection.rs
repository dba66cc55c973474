//! Collections: how the elements of a list or mapping in a document may change, each found by its key.

use std::fmt;

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

impl fmt::Display for Collection {
    /// Writes what the collection enforces, in the words of a policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elements = match &self.elements {
            ElementRule::Frozen => "frozen",
            ElementRule::GrowOnly => "grow-only",
            ElementRule::Fields(_) => "fields",
            ElementRule::Free => "free",
        };
        write!(f, "elements {elements}")?;
        if !self.key.is_empty() {
            let keys: Vec<String> = self.key.iter().map(ToString::to_string).collect();
            write!(f, " by {}", keys.join(" and "))?;
        }
        if !self.except.is_empty() {
            write!(f, ", except {}", self.except.join(", "))?;
        }
        match self.removal {
            Removal::Forbidden => f.write_str(", removal forbidden")?,
            Removal::Allowed => {}
            Removal::Burned => f.write_str(", removal burned")?,
        }
        if !self.may_be_extended {
            f.write_str(", additions forbidden")?;
        }
        match self.order {
            Order::Any => {}
            Order::Append => f.write_str(", order append")?,
            Order::NewestFirst => f.write_str(", order newest-first")?,
        }
        match &self.while_unchanged {
            Some(field) => write!(f, ", while {field} stays"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for KeyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyPart::Pointer(pointer) if pointer.is_empty() => f.write_str("value"),
            KeyPart::Pointer(pointer) => f.write_str(pointer),
            KeyPart::AnyOf(pointers) => f.write_str(&pointers.join(" or ")),
        }
    }
}
