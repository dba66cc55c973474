//! A request can be recorded after the merge.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `LED010` request-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REQUEST_INVALID,
        summary: "a request can be recorded after the merge",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Request,
        help: &[
            "`id-ledger log` shows the state of the identity; `id-ledger append --help` describes how to write a valid request",
        ],
    },
};
