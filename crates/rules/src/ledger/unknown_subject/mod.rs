//! Every ledger line refers to a created identity.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED005` unknown-subject.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNKNOWN_SUBJECT,
        summary: "every ledger line refers to a created identity",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::UnknownSubject),
        help: &["mint the identity first with `id-mint`"],
    },
};
