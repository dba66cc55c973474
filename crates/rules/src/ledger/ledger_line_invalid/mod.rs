//! Every line of the ledger is canonical, and as the schema of its type says.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED003` ledger-line-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_LINE_INVALID,
        summary: "every line is canonical and as its schema says",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::LineInvalid),
        help: &["leave the ledger to id-ledger, which writes nothing else"],
    },
};
