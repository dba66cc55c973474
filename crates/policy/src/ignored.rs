//! What a policy contains without effect.

use codes::{Family, RuleId};
use diagnostic::Location;

/// Something in a policy that has no effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// What it is.
    pub what: IgnoredKind,
    /// What identifies it, wherever it is in its file.
    pub name: String,
    /// Why it has no effect.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where it is.
    pub location: Location,
}

impl Ignored {
    /// Returns whether both are the same entry, possibly moved to another line.
    #[must_use]
    pub fn is_same(&self, other: &Ignored) -> bool {
        (self.what, &self.name) == (other.what, &other.name)
    }
}

/// What of a policy has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoredKind {
    /// A level below that of a protected rule.
    Level,
    /// A waiver of a protected rule.
    Waiver,
    /// A known finding of a protected rule.
    KnownFinding,
    /// A file or another entry that no part of the policy reads.
    File,
}

/// Returns whether the level of a rule cannot be lowered, and its findings cannot be waived: the ledger would prove nothing, or the
/// policy could replace itself.
#[must_use]
pub fn is_protected(rule: &RuleId) -> bool {
    rule.family == Family::LEDGER || [codes::POLICY_INVALID, codes::PACK_VERSION_REUSED].contains(rule)
}
