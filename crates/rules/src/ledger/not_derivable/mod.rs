//! A derived line is what the history says.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED009` not-derivable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_DERIVABLE,
        summary: "a derived line is what the history says",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::NotDerivable),
        help: &["take the line back, and let id-ledger record derive it"],
    },
};
