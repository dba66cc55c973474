//! The checkpoint has the required signatures.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED011` checkpoint-untrusted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_UNTRUSTED,
        summary: "the checkpoint has the required signatures",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::CheckpointUntrusted),
        help: &[
            "sign it on a machine that has the key, with `id-ledger record --key-file`",
            "to add the signature of a witness, run: id-ledger checkpoint cosign",
        ],
    },
};
