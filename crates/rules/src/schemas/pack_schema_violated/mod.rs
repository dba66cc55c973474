//! A document matches the schema of its policy pack.

use diagnostic::RuleInfo;
use engine::{Check, CustomIssue, Rule};

/// `SCH006` pack-schema-violated.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PACK_SCHEMA_VIOLATED,
        summary: "a document matches the schema of its policy pack",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomIssue::Schema),
};
