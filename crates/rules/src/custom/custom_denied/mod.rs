//! No document violates a deny rule of a policy pack.

use diagnostic::RuleInfo;
use engine::{Check, CustomIssue, Rule};

/// `CUS001` custom-denied.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CUSTOM_DENIED,
        summary: "no document violates a deny rule of a policy pack",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomIssue::Denied),
};
