//! A published version never changes.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `IMM033` published-version-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PUBLISHED_VERSION_CHANGED,
        summary: "a published version never changes",
        page: include_str!("README.md"),
    },
    check: Check::Ledger { issue: LedgerIssue::Published, help: &["raise the version"] },
};
