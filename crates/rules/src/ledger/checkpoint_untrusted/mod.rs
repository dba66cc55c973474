//! The checkpoint has the required signatures.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED011` checkpoint-untrusted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_UNTRUSTED,
        summary: "the checkpoint has the required signatures",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::CheckpointUntrusted),
        help: &[
            "sign it on a machine that has the key; see `id-ledger record --help`",
            "to add the signature of a witness, see `id-ledger checkpoint cosign --help`",
        ],
    },
};
