//! Every ledger line refers to a created identity.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED005` unknown-subject.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNKNOWN_SUBJECT,
        summary: "every ledger line refers to a created identity",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::UnknownSubject),
        help: &["mint the identity first with `id-mint`"],
    },
};
