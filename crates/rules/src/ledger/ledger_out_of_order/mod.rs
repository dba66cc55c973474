//! Every ledger line refers to the previous line of its identity.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED004` ledger-out-of-order.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_OUT_OF_ORDER,
        summary: "every ledger line refers to the previous line of its identity",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::Order),
        help: &["restore the ledger, then create the event again: git checkout HEAD -- .ledger"],
    },
};
