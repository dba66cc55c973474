//! Every derived ledger line follows from the git history.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED009` not-derivable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_DERIVABLE,
        summary: "every derived ledger line follows from the git history",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::NotDerivable),
        help: &["remove the line, and derive it again: id-ledger record"],
    },
};
