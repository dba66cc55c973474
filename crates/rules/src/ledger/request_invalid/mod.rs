//! A request can be recorded after the merge.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED010` request-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REQUEST_INVALID,
        summary: "a request can be recorded after the merge",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Request,
        help: &[
            "`id-ledger log` shows the state of the identity; `id-ledger append --request` writes a valid request",
        ],
    },
};
