//! What policy asks of plugins in figures: the sections `security`, `quality` and `performance`, each value with who set it.

use std::collections::BTreeMap;

/// A section of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What a plugin may do.
    Security,
    /// How well it is tested.
    Quality,
    /// How fast it is.
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

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// `true` or `false`.
    Truth,
    /// A whole number from 0 up to a bound.
    Number(i64),
    /// A list of texts.
    Names,
    /// A list of capabilities, as specs ask for them.
    Capabilities,
}

/// The capabilities that a spec can ask for.
pub(crate) const CAPABILITIES: [&str; 7] =
    ["execution", "filesystem", "http", "ingress", "memory", "rate_limits", "secrets"];

/// A value that policy can set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Where it stands.
    pub section: Section,
    /// Its name there.
    pub name: &'static str,
    /// What it can be.
    pub kind: SettingKind,
    /// What it demands, in a line.
    pub summary: &'static str,
}

const fn setting(section: Section, name: &'static str, kind: SettingKind, summary: &'static str) -> Setting {
    Setting { section, name, kind, summary }
}

/// The most milliseconds: a day.
const DAY: i64 = 86_400_000;

/// Every value, by section and name: the single list. Nothing is demanded that no pack sets.
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
        SettingKind::Number(DAY),
        "the longest that a plugin may ask to run",
    ),
    setting(
        Section::Security,
        "filesystem_write",
        SettingKind::Truth,
        "whether a plugin may ask to write files",
    ),
    setting(
        Section::Security,
        "forbidden_capabilities",
        SettingKind::Capabilities,
        "the capabilities that no plugin may ask for",
    ),
    setting(
        Section::Security,
        "http_hosts",
        SettingKind::Names,
        "the hosts that plugins may ask for; `*.example.org` is every host below",
    ),
    setting(
        Section::Security,
        "memory_mib",
        SettingKind::Number(1 << 20),
        "the most memory that a plugin may ask for",
    ),
    setting(
        Section::Security,
        "outbound_per_minute",
        SettingKind::Number(1 << 30),
        "the most requests that a plugin may ask to send",
    ),
    setting(
        Section::Security,
        "review_required",
        SettingKind::Capabilities,
        "the capabilities that somebody looks at when a plugin asks for them anew",
    ),
    setting(
        Section::Security,
        "wildcard_hosts",
        SettingKind::Truth,
        "whether a plugin may ask for all hosts below a name",
    ),
    setting(Section::Quality, "budgets", SettingKind::Truth, "every operation has a performance budget"),
    setting(
        Section::Quality,
        "coverage_percent",
        SettingKind::Number(100),
        "the least share of lines that tests run",
    ),
    setting(
        Section::Quality,
        "event_fields",
        SettingKind::Names,
        "fields that every event may have beside those of the contract",
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
        SettingKind::Number(DAY),
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
        SettingKind::Number(DAY),
        "the longest that 95 of 100 requests may take",
    ),
    setting(
        Section::Performance,
        "p99_ms",
        SettingKind::Number(DAY),
        "the longest that 99 of 100 requests may take",
    ),
    setting(
        Section::Performance,
        "startup_ms",
        SettingKind::Number(DAY),
        "the longest until a health probe answers",
    ),
];

/// A value that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetTo {
    /// `true` or `false`.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// Texts, in the order of the file.
    Names(Vec<String>),
}

/// The values that hold: the last pack that sets one wins, and the repository's own file over all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    set: BTreeMap<(Section, &'static str), (SetTo, String)>,
}

impl Values {
    /// Sets a value over what was said before.
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

    /// Returns a truth value, where one is set.
    #[must_use]
    pub fn truth(&self, section: Section, name: &str) -> Option<bool> {
        if let SetTo::Truth(truth) = self.get(section, name)? { Some(*truth) } else { None }
    }

    /// Returns a number, where one is set.
    #[must_use]
    pub fn number(&self, section: Section, name: &str) -> Option<i64> {
        if let SetTo::Number(number) = self.get(section, name)? { Some(*number) } else { None }
    }

    /// Returns the texts of a list, where one is set.
    #[must_use]
    pub fn names(&self, section: Section, name: &str) -> Option<&[String]> {
        if let SetTo::Names(names) = self.get(section, name)? { Some(names) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_listed_once_and_in_order() {
        let keys: Vec<_> = SETTINGS.iter().map(|setting| (setting.section, setting.name)).collect();
        assert!(keys.is_sorted());
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
