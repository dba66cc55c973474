//! Every ledger line is canonical JSON and matches the schema of its event.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED003` ledger-line-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_LINE_INVALID,
        summary: "every ledger line is canonical JSON and matches the schema of its event",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::LineInvalid),
        help: &["remove the line, and let id-ledger write it: git checkout HEAD -- .ledger"],
    },
};
