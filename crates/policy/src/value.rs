//! Values that policy sets for plugins: the sections `security`, `quality` and `performance`, each value with its origin.

use std::collections::BTreeMap;

/// A section of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Permissions of plugins.
    Security,
    /// Test requirements.
    Quality,
    /// Performance limits.
    Performance,
}

impl Section {
    /// Every section, in the order of the snapshot.
    pub const ALL: [Section; 3] = [Section::Security, Section::Quality, Section::Performance];

    /// Returns the key that policy files use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Section::Security => "security",
            Section::Quality => "quality",
            Section::Performance => "performance",
        }
    }
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// `true` or `false`.
    Truth,
    /// An integer from 0 to a maximum.
    Number(i64),
    /// `required` or `optional`.
    Presence,
    /// An array of strings.
    Names,
    /// An array of capabilities, as specs request them.
    Capabilities,
    /// An array of checks, as specs declare them.
    Checks,
}

/// The capabilities that a spec can request.
pub(crate) const CAPABILITIES: [&str; 7] =
    ["execution", "filesystem", "http", "ingress", "memory", "rate_limits", "secrets"];

/// The checks that a spec can declare.
pub const CHECKS: [&str; 5] = ["contract", "coverage", "lint", "test", "types"];

/// A value that policy can set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its section.
    pub section: Section,
    /// Its name in the section.
    pub name: &'static str,
    /// Its type.
    pub kind: SettingKind,
    /// The requirement, in one line.
    pub summary: &'static str,
}

const fn setting(section: Section, name: &'static str, kind: SettingKind, summary: &'static str) -> Setting {
    Setting { section, name, kind, summary }
}

/// One day, the maximum of every duration.
const MAX_DURATION_MS: i64 = 86_400_000;

/// Every value, by section and name. A value that no pack sets requires nothing.
pub const SETTINGS: &[Setting] = &[
    setting(
        Section::Security,
        "deny_by_default",
        SettingKind::Truth,
        "actions that a spec does not allow are denied",
    ),
    setting(
        Section::Security,
        "execution_timeout_ms",
        SettingKind::Number(MAX_DURATION_MS),
        "the longest execution time that a plugin may request",
    ),
    setting(
        Section::Security,
        "filesystem_write",
        SettingKind::Truth,
        "whether a plugin may request to write files",
    ),
    setting(
        Section::Security,
        "forbidden_capabilities",
        SettingKind::Capabilities,
        "the capabilities that no plugin may request",
    ),
    setting(
        Section::Security,
        "http_hosts",
        SettingKind::Names,
        "the hosts that plugins may request; `*.example.org` is every host below",
    ),
    setting(
        Section::Security,
        "memory_mib",
        SettingKind::Number(1 << 20),
        "the most memory that a plugin may request",
    ),
    setting(
        Section::Security,
        "outbound_per_hour",
        SettingKind::Number(1 << 30),
        "the most outbound requests in an hour that a plugin may request",
    ),
    setting(
        Section::Security,
        "outbound_per_minute",
        SettingKind::Number(1 << 30),
        "the most outbound requests that a plugin may request",
    ),
    setting(
        Section::Security,
        "review_required",
        SettingKind::Capabilities,
        "the capabilities that a reviewer approves when a plugin requests them",
    ),
    setting(
        Section::Security,
        "wildcard_hosts",
        SettingKind::Truth,
        "whether a plugin may request all hosts below a name",
    ),
    setting(Section::Quality, "budgets", SettingKind::Truth, "every operation has a performance budget"),
    setting(
        Section::Quality,
        "checks",
        SettingKind::Checks,
        "the checks whose commands every plugin declares",
    ),
    setting(
        Section::Quality,
        "coverage",
        SettingKind::Presence,
        "whether a change of a plugin needs a coverage report",
    ),
    setting(
        Section::Quality,
        "coverage_percent",
        SettingKind::Number(100),
        "the least share of lines that tests cover",
    ),
    setting(
        Section::Quality,
        "event_fields",
        SettingKind::Names,
        "fields that every event may have beside those of the contract",
    ),
    setting(
        Section::Quality,
        "results",
        SettingKind::Presence,
        "whether a plugin needs recorded results of its conformance tests",
    ),
    setting(Section::Quality, "scenarios", SettingKind::Truth, "every operation has a scenario"),
    setting(
        Section::Performance,
        "error_rate_percent",
        SettingKind::Number(100),
        "the most requests that may fail",
    ),
    setting(
        Section::Performance,
        "max_ms",
        SettingKind::Number(MAX_DURATION_MS),
        "the longest that any request may take",
    ),
    setting(
        Section::Performance,
        "memory_mib",
        SettingKind::Number(1 << 20),
        "the most memory that a budget may allow",
    ),
    setting(
        Section::Performance,
        "p95_ms",
        SettingKind::Number(MAX_DURATION_MS),
        "the longest that 95 of 100 requests may take",
    ),
    setting(
        Section::Performance,
        "p99_ms",
        SettingKind::Number(MAX_DURATION_MS),
        "the longest that 99 of 100 requests may take",
    ),
    setting(
        Section::Performance,
        "startup_ms",
        SettingKind::Number(MAX_DURATION_MS),
        "the longest time until a health probe succeeds",
    ),
];

/// A value that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetTo {
    /// `true` or `false`.
    Truth(bool),
    /// An integer.
    Number(i64),
    /// `true`: required; `false`: optional.
    Presence(bool),
    /// Strings, in the order of the file.
    Names(Vec<String>),
}

/// Returns the word of a [`SetTo::Presence`].
#[must_use]
pub fn presence(is_required: bool) -> &'static str {
    if is_required { "required" } else { "optional" }
}

/// The effective values: the last pack that sets one wins, and the policy file of the repository overrides all packs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    set: BTreeMap<(Section, &'static str), (SetTo, String)>,
}

impl Values {
    /// Sets a value, replacing an earlier one.
    pub(crate) fn set(&mut self, setting: &Setting, value: SetTo, by: &str) {
        self.set.insert((setting.section, setting.name), (value, by.into()));
    }

    /// Returns the values of a section with who set each: a pack's name, or `repository`.
    pub fn of(&self, section: Section) -> impl Iterator<Item = (&'static str, &SetTo, &str)> {
        self.set
            .range((section, "")..)
            .take_while(move |((other, _), _)| *other == section)
            .map(|((_, name), (value, by))| (*name, value, by.as_str()))
    }

    fn get(&self, section: Section, name: &str) -> Option<&SetTo> {
        self.of(section).find(|(known, ..)| *known == name).map(|(_, value, _)| value)
    }

    /// Returns a boolean, if it is set.
    #[must_use]
    pub fn truth(&self, section: Section, name: &str) -> Option<bool> {
        if let SetTo::Truth(truth) = self.get(section, name)? { Some(*truth) } else { None }
    }

    /// Returns a number, if it is set.
    #[must_use]
    pub fn number(&self, section: Section, name: &str) -> Option<i64> {
        if let SetTo::Number(number) = self.get(section, name)? { Some(*number) } else { None }
    }

    /// Returns the strings of an array, if it is set.
    #[must_use]
    pub fn names(&self, section: Section, name: &str) -> Option<&[String]> {
        if let SetTo::Names(names) = self.get(section, name)? { Some(names) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_unique_and_sorted() {
        let keys: Vec<_> = SETTINGS.iter().map(|setting| (setting.section, setting.name)).collect();
        assert!(keys.is_sorted());
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
