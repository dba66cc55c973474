//! A tag with the name of a published version is in the ledger.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `IMM032` tag-unrecorded.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_UNRECORDED,
        summary: "a tag with the name of a published version is in the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::TagUnrecorded,
        help: &[
            "look at it first with git show: if the main branch was reset, it may be the only reference to lost commits; then delete it, or choose another template under `tags` in the policy",
        ],
    },
};
