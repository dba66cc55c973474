//! What is known of a rule before it runs: its identity, summary and page.

use codes::RuleId;

/// What is known of a rule before it runs. The rule's page, `explain`, SARIF and the JSON list derive from it.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The code, name, family and default level.
    pub id: RuleId,
    /// One line: what the rule requires.
    pub summary: &'static str,
    /// The rule's page in Markdown (the `README.md` beside the rule).
    pub page: &'static str,
}
