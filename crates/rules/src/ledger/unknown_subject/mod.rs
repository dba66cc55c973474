//! A line speaks of an identity that was created.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED005` unknown-subject.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNKNOWN_SUBJECT,
        summary: "a line speaks of an identity that was created",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::UnknownSubject),
        help: &["mint the identity first: id-mint"],
    },
};
