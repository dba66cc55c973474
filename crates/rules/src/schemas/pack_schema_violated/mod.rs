//! A document is what its pack's schema says.

use diagnostic::{Level, RuleInfo};

use crate::rule::{Check, CustomMatter, Rule};

/// `SCH006` pack-schema-violated.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "SCH006",
        name: "pack-schema-violated",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "a document is what its pack's schema says",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Schema),
};
