//! Every published version has its tag.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `IMM030` tag-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TAG_MISSING,
        summary: "every published version has its tag",
        page: include_str!("README.md"),
    },
    check: Check::Ledger { issue: LedgerIssue::TagMissing, help: &["create it again: id-tag apply"] },
};
