//! What a proof shows about an identity.

use artifact::Ulid;
use ledger::{Event, EventType, Proven, State, StateForm, Status};

/// What a proof shows about an identity; what it does not show is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) ulid: Option<Ulid>,
    /// Its key, at that time.
    pub(super) key: Option<String>,
    pub(super) aliases: Vec<String>,
    /// The version that a line is about, or that a state names as the last one.
    pub(super) version: Option<String>,
    pub(super) presence: Option<Presence>,
    /// The versions that are known to be yanked.
    pub(super) yanked: Option<Vec<String>>,
    pub(super) merged_into: Option<Ulid>,
    pub(super) replaced_by: Option<String>,
    /// Whether the proof is of a sealed state, and not of a line.
    pub(super) is_state: bool,
}

/// Whether an identity exists, and in which status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Exists(Status),
    Absent,
}

impl Presence {
    pub(super) fn name(self) -> &'static str {
        match self {
            Presence::Exists(status) => status.name(),
            Presence::Absent => "absent",
        }
    }
}

impl Facts {
    /// Returns what a proof shows; `subject` is the identity that a state proof names.
    pub(super) fn of(proven: &Proven<'_>, subject: Option<Ulid>) -> Facts {
        match proven {
            Proven::Line(event) => Facts::of_line(event),
            Proven::State(_, Some(state)) => Facts::of_state(state),
            Proven::State(_, None) => {
                Facts { ulid: subject, presence: Some(Presence::Absent), is_state: true, ..Facts::default() }
            }
        }
    }

    fn of_state(state: &State<'_>) -> Facts {
        let shows_yanked = state.form == StateForm::V2;
        Facts {
            ulid: Some(state.ulid),
            key: Some(state.key.to_string()),
            aliases: state.aliases.iter().map(ToString::to_string).collect(),
            version: state.version.as_ref().map(ToString::to_string),
            presence: Some(Presence::Exists(state.status)),
            yanked: shows_yanked.then(|| state.yanked.iter().map(ToString::to_string).collect()),
            merged_into: state.merged_into,
            replaced_by: state.replaced_by.as_ref().map(ToString::to_string),
            is_state: true,
        }
    }

    fn of_line(event: &Event<'_>) -> Facts {
        let text = |name: &str| event.text(name).map(std::borrow::Cow::into_owned);
        let mut facts = Facts { ulid: event.subject, ..Facts::default() };
        let status = |status| Some(Presence::Exists(status));
        match event.kind {
            EventType::Create => facts.key = text("key"),
            EventType::Rekey => facts.key = text("new_key"),
            EventType::AliasAdd => facts.aliases.extend(text("alias")),
            EventType::Publish => facts.version = text("version"),
            EventType::Yank => {
                facts.version = text("version");
                facts.yanked = Some(facts.version.iter().cloned().collect());
            }
            EventType::Deprecate => {
                facts.presence = status(Status::Deprecated);
                facts.replaced_by = text("replaced_by");
            }
            EventType::Consolidate => {
                facts.presence = status(Status::Consolidated);
                facts.merged_into = text("target_ulid").and_then(|ulid| Ulid::parse(&ulid).ok());
            }
            EventType::Retire => facts.presence = status(Status::Retired),
            EventType::Move
            | EventType::Transfer
            | EventType::Waive
            | EventType::Genesis
            | EventType::RotateKey
            | EventType::Seal => {}
        }
        facts
    }

    /// Returns the identity for messages: its key where the proof shows it, and its ULID behind.
    pub(super) fn name(&self) -> String {
        match (&self.key, self.ulid) {
            (Some(key), Some(ulid)) => format!("{key} ({ulid})"),
            (None, Some(ulid)) => ulid.to_string(),
            (_, None) => "the log itself".into(),
        }
    }

    /// Returns whether the proof names a key of the identity.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.key.as_deref() == Some(key) || self.aliases.iter().any(|alias| alias == key)
    }

    /// Returns whether the proof is about a version: its own, or one that it shows as yanked.
    pub(super) fn shows_version(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version) || self.is_yanked(version)
    }

    pub(super) fn is_yanked(&self, version: &str) -> bool {
        self.yanked.iter().flatten().any(|yanked| yanked == version)
    }

    /// Returns the version that is asked for, or the one that the proof is about.
    fn version_of<'v>(&'v self, asked: Option<&'v str>) -> Option<&'v str> {
        asked.or(self.version.as_deref())
    }

    /// Returns why the identity, or a version of it, is not to be used any more.
    pub(super) fn withdrawn(&self, asked: Option<&str>) -> Vec<(String, &'static str)> {
        let mut reasons = Vec::new();
        if let Some(version) = self.version_of(asked).filter(|version| self.is_yanked(version)) {
            reasons.push((format!("version {version} of {} was yanked", self.name()), "yanked"));
        }
        match self.presence {
            Some(Presence::Exists(Status::Retired)) => {
                reasons.push((format!("{} is retired", self.name()), "retired"));
            }
            Some(Presence::Exists(Status::Consolidated)) => {
                let target = self.merged_into.map(|ulid| format!(" into {ulid}")).unwrap_or_default();
                reasons.push((format!("{} was merged{target}", self.name()), "retired"));
            }
            _ => {}
        }
        reasons
    }

    /// Returns why the proof does not show the expected state.
    pub(super) fn differs_from(&self, expected: Expected, asked: Option<&str>) -> Option<String> {
        let version = self.version_of(asked);
        let yanked = version.filter(|version| self.is_yanked(version));
        let presence = self.presence;
        let shown = match (yanked, presence) {
            (Some(version), _) => format!("version {version} is yanked"),
            (None, Some(presence)) => format!("the status is {}", presence.name()),
            (None, None) => "the proof of a line does not show the state".into(),
        };
        let is_shown = match expected {
            Expected::Yanked => yanked.is_some(),
            Expected::Absent => presence == Some(Presence::Absent),
            Expected::Retired => {
                let is_over = |status| matches!(status, Status::Retired | Status::Consolidated);
                matches!(presence, Some(Presence::Exists(status)) if is_over(status))
            }
            Expected::Active if !self.is_state => false,
            Expected::Active if self.yanked.is_none() && presence != Some(Presence::Absent) => {
                return Some(
                    "expected active, but a seal of the first form does not show which versions were yanked"
                        .into(),
                );
            }
            Expected::Active => yanked.is_none() && presence == Some(Presence::Exists(Status::Active)),
        };
        (!is_shown).then(|| format!("expected {}, but {shown}", expected.name()))
    }
}

/// The state that a user expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Active,
    Yanked,
    Retired,
    Absent,
}

impl Expected {
    fn name(self) -> &'static str {
        match self {
            Expected::Active => "active",
            Expected::Yanked => "yanked",
            Expected::Retired => "retired",
            Expected::Absent => "absent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(status: Status, version: &str, yanked: &[&str]) -> Facts {
        Facts {
            ulid: Some(Ulid::from_bits(1)),
            key: Some("PLG_ONE".into()),
            version: Some(version.into()),
            presence: Some(Presence::Exists(status)),
            yanked: Some(yanked.iter().map(ToString::to_string).collect()),
            is_state: true,
            ..Facts::default()
        }
    }

    #[test]
    fn a_version_is_withdrawn_by_its_own_yank_only() {
        let facts = state(Status::Active, "1.1.0", &["1.0.0"]);
        let states = |facts: &Facts, version| -> Vec<&str> {
            facts.withdrawn(version).into_iter().map(|(_, state)| state).collect()
        };
        assert!(states(&facts, None).is_empty(), "the last version is not yanked");
        assert_eq!(states(&facts, Some("1.0.0")), ["yanked"]);
        assert!(
            facts.shows_version("1.0.0") && facts.shows_version("1.1.0") && !facts.shows_version("0.9.0")
        );
        let retired = state(Status::Retired, "1.0.0", &["1.0.0"]);
        assert_eq!(states(&retired, None), ["yanked", "retired"], "both are reported");
    }

    #[test]
    fn each_state_meets_one_expectation() {
        use Expected as E;
        let absent = Facts { presence: Some(Presence::Absent), is_state: true, ..Facts::default() };
        let line = Facts { version: Some("1.0.0".into()), ..Facts::default() };
        let old = Facts { yanked: None, ..state(Status::Active, "1.0.0", &[]) };
        for (facts, version, met) in [
            (state(Status::Active, "1.0.0", &[]), None, &[E::Active][..]),
            (state(Status::Active, "1.0.0", &["1.0.0"]), None, &[E::Yanked]),
            (state(Status::Active, "1.1.0", &["1.0.0"]), None, &[E::Active]),
            (state(Status::Active, "1.1.0", &["1.0.0"]), Some("1.0.0"), &[E::Yanked]),
            (state(Status::Deprecated, "1.0.0", &[]), None, &[]),
            (state(Status::Retired, "1.0.0", &[]), None, &[E::Retired]),
            (state(Status::Consolidated, "1.0.0", &["1.0.0"]), None, &[E::Yanked, E::Retired]),
            (absent, None, &[E::Absent]),
            (line, None, &[]),
            (old, None, &[]),
        ] {
            for expected in [E::Active, E::Yanked, E::Retired, E::Absent] {
                let differs = facts.differs_from(expected, version);
                assert_eq!(differs.is_none(), met.contains(&expected), "{facts:?} {expected:?} {differs:?}");
            }
        }
    }
}
