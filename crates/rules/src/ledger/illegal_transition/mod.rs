//! The events of an identity follow the allowed order.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED006` illegal-transition.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ILLEGAL_TRANSITION,
        summary: "the events of an identity follow the allowed order",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::IllegalTransition),
        help: &["`id-ledger log` shows the events of the identity so far"],
    },
};
