//! Warnings of a policy pack's own rules are reviewed.

use diagnostic::RuleInfo;
use engine::{Check, CustomIssue, Rule};

/// `CUS002` custom-warned.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CUSTOM_WARNED,
        summary: "warnings of a policy pack's own rules are reviewed",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomIssue::Warned),
};
