//! A published version never changes.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM033` published-version-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PUBLISHED_VERSION_CHANGED,
        summary: "a published version never changes",
        page: include_str!("README.md"),
    },
    check: Check::Ledger { speaks_of: LedgerMatter::Published, help: &["raise the version"] },
};
