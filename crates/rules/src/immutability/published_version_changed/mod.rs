//! A published version never gets other bytes.

use diagnostic::{Level, RuleInfo};

use crate::rule::{Check, LedgerMatter, Rule};

/// `IMM033` published-version-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "IMM033",
        name: "published-version-changed",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "a published version never gets other bytes",
        page: include_str!("README.md"),
    },
    check: Check::Ledger { speaks_of: LedgerMatter::Published, help: &["raise the version"] },
};
