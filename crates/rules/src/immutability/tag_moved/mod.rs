//! The tag of a published version names the commit that published it.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM029` tag-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_MOVED,
        summary: "the tag of a published version names the commit that published it",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::TagMoved,
        help: &["find out who moved it; what the ledger records stands, and no tool of ours moves a tag"],
    },
};
