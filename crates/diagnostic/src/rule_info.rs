//! What is known of a rule before it runs: its code, name, family, default level and page.

/// A family of rules: the first three letters of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Family {
    /// The three letters, as in `IMM`.
    pub code: &'static str,
    /// The module and directory of its rules, as in `immutability`.
    pub module: &'static str,
    /// What its rules hold together, as in "immutability".
    pub title: &'static str,
}

/// How much a finding weighs. Policy may change it per rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not judged.
    Allow,
    /// Shown, does not fail the run.
    Warn,
    /// Shown, fails the run.
    Deny,
}

impl Level {
    /// Returns the word that policy files and reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Level> {
        [Level::Allow, Level::Warn, Level::Deny].into_iter().find(|level| level.name() == name)
    }
}

/// What is known of a rule before it runs. The rule's page, `explain`, SARIF and the JSON list derive from it.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The stable code, as in `IMM001`. A retired code is never used again.
    pub code: &'static str,
    /// The name, which says what is wrong, as in `card-changed`.
    pub name: &'static str,
    /// The family.
    pub family: Family,
    /// The level where policy says nothing.
    pub level: Level,
    /// One line: what the rule holds.
    pub summary: &'static str,
    /// The rule's page in Markdown (the `README.md` beside the rule).
    pub page: &'static str,
}
