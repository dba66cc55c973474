//! What a pack's own rules deny is not there.

use diagnostic::{Level, RuleInfo};

use crate::rule::{Check, CustomMatter, Rule};

/// `CUS001` custom-denied.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "CUS001",
        name: "custom-denied",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "what a pack's own rules deny is not there",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Denied),
};
