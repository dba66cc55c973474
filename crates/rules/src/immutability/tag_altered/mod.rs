//! The tag of a published version matches the ledger.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `IMM031` tag-altered.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_ALTERED,
        summary: "the tag of a published version matches the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::TagAltered,
        help: &["compare it with the expected tag: id-tag plan"],
    },
};
