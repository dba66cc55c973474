//! A pull request does not change the ledger.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};

/// `LED002` ledger-touched-by-change.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_TOUCHED_BY_CHANGE,
        summary: "a pull request does not change the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Touched,
        help: &[
            "restore it, because the post-merge job derives the lines: git checkout HEAD -- .ledger",
            "to record an event that no card or spec expresses, write a request; see `id-ledger append --help`",
        ],
    },
};
