//! Every version on the main branch is in the ledger.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `LED012` version-unrecorded.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::VERSION_UNRECORDED,
        summary: "every version on the main branch is in the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::VersionUnrecorded,
        help: &[
            "record it on the main branch: id-guard post-merge (without a remote: id-guard post-merge --local)",
            "if the post-merge job ran, its log shows why this could not be recorded",
        ],
    },
};
