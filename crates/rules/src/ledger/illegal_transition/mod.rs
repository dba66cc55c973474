//! An identity goes its way in order: created, published, deprecated, gone.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED006` illegal-transition.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ILLEGAL_TRANSITION,
        summary: "an identity goes its way in order",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::IllegalTransition),
        help: &["id-ledger log IDENTITY shows the way it went"],
    },
};
