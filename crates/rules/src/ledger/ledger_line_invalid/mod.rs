//! Every ledger line is canonical JSON and matches the schema of its event.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED003` ledger-line-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_LINE_INVALID,
        summary: "every ledger line is canonical JSON and matches the schema of its event",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::LineInvalid),
        help: &["remove the line, and let id-ledger write it: git checkout HEAD -- .ledger"],
    },
};
