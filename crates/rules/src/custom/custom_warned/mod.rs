//! Warnings of a policy pack's own rules are reviewed.

use diagnostic::RuleInfo;

use crate::rule::{Check, CustomMatter, Rule};

/// `CUS002` custom-warned.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CUSTOM_WARNED,
        summary: "warnings of a policy pack's own rules are reviewed",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Warned),
};
