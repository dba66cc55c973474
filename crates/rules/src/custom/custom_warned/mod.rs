//! What a pack's own rules warn of is looked at.

use diagnostic::{Level, RuleInfo};

use crate::rule::{Check, CustomMatter, Rule};

/// `CUS002` custom-warned.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "CUS002",
        name: "custom-warned",
        family: super::FAMILY,
        level: Level::Warn,
        summary: "what a pack's own rules warn of is looked at",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Warned),
};
