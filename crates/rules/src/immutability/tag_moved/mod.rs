//! The tag of a published version points to the commit that published it.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `IMM029` tag-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_MOVED,
        summary: "the tag of a published version points to the commit that published it",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::TagMoved,
        help: &["find out who moved it, delete it, and create it again from the ledger: id-tag apply"],
    },
};
