//! A document is what its pack's schema says.

use diagnostic::RuleInfo;
use engine::{Check, CustomIssue, Rule};

/// `SCH006` pack-schema-violated.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PACK_SCHEMA_VIOLATED,
        summary: "a document is what its pack's schema says",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomIssue::Schema),
};
