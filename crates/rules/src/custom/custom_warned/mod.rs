//! What a pack's own rules warn of is looked at.

use diagnostic::RuleInfo;

use crate::rule::{Check, CustomMatter, Rule};

/// `CUS002` custom-warned.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CUSTOM_WARNED,
        summary: "what a pack's own rules warn of is looked at",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Warned),
};
