//! A change leaves the ledger alone.

use diagnostic::RuleInfo;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED002` ledger-touched-by-change.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_TOUCHED_BY_CHANGE,
        summary: "a change leaves the ledger alone",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Touched,
        help: &[
            "take it back: the writer that runs after the merge derives what is due",
            "to ask for an event that no card or spec tells: id-ledger append --request",
        ],
    },
};
