//! The tag of a published version matches the ledger.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM031` tag-altered.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_ALTERED,
        summary: "the tag of a published version matches the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::TagAltered,
        help: &["compare it with the expected tag: id-tag plan"],
    },
};
