//! A line stands behind the last one of its identity, and names it.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED004` ledger-out-of-order.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_OUT_OF_ORDER,
        summary: "a line stands behind the last one of its identity",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::Order),
        help: &[
            "the line before it was changed, or the event was made of an older state: restore the ledger from git, and make the event again",
        ],
    },
};
