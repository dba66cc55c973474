//! A tag that is called as published versions are is recorded.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM032` tag-unrecorded.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_UNRECORDED,
        summary: "a tag that is called as published versions are is recorded",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::TagUnrecorded,
        help: &[
            "find out what it holds first: where the mainline was cut back, it may be all that still names what was lost; then delete it, or let policy call the tags of published versions otherwise",
        ],
    },
};
