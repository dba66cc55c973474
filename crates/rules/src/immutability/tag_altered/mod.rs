//! The tag of a published version says what the ledger says.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM031` tag-altered.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_ALTERED,
        summary: "the tag of a published version says what the ledger says",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::TagAltered,
        help: &["find out who made it; id-tag plan shows what it should say"],
    },
};
