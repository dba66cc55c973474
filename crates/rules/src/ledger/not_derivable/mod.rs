//! Every derived ledger line follows from the git history.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED009` not-derivable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_DERIVABLE,
        summary: "every derived ledger line follows from the git history",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::NotDerivable),
        help: &["remove the line, and derive it again: id-ledger record"],
    },
};
