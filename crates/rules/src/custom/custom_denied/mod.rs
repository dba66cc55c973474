//! What a pack's own rules deny is not there.

use diagnostic::RuleInfo;

use crate::rule::{Check, CustomMatter, Rule};

/// `CUS001` custom-denied.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CUSTOM_DENIED,
        summary: "what a pack's own rules deny is not there",
        page: include_str!("README.md"),
    },
    check: Check::Custom(CustomMatter::Denied),
};
