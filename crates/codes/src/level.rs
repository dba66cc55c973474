//! The level of a rule or finding.

/// The level of a rule or finding. A policy may change it for each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported, does not fail the run.
    Warn,
    /// Reported, fails the run.
    Deny,
}

impl Level {
    /// Returns the value that policy files and reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }

    /// Finds a level by the value that policy files and reports use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Level> {
        [Level::Allow, Level::Warn, Level::Deny].into_iter().find(|level| level.name() == name)
    }
}
