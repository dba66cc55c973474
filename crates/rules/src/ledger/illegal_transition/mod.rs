//! The events of an identity follow the allowed order.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED006` illegal-transition.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ILLEGAL_TRANSITION,
        summary: "the events of an identity follow the allowed order",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::IllegalTransition),
        help: &["`id-ledger log` shows the events of the identity so far"],
    },
};
