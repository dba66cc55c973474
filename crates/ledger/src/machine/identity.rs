//! The state of an identity after its lines, and the events that it allows next.

use artifact::Ulid;
use semver::Version;
use tlog::Hash;

use super::{Result, illegal};
use crate::{Event, EventType};

/// The status of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Status {
    /// In use.
    Active,
    /// Deprecated: do not depend on it.
    Deprecated,
    /// Merged into another identity.
    Consolidated,
    /// Removed from use.
    Retired,
}

impl Status {
    /// Returns the name in cards and specs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Deprecated => "deprecated",
            Status::Consolidated => "consolidated",
            Status::Retired => "retired",
        }
    }

    /// Returns the status with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Status> {
        let all = [Status::Active, Status::Deprecated, Status::Consolidated, Status::Retired];
        all.into_iter().find(|status| status.name() == name)
    }
}

/// The state of an identity.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The leaf hash of its last line.
    pub last: Hash,
    /// The number of its last line, from 0.
    pub last_line: u64,
    /// Its status.
    pub status: Status,
    /// The line that set the status.
    pub status_line: u64,
    /// Its current key.
    pub key: Box<str>,
    /// The kind of its artifact.
    pub kind: Box<str>,
    /// The current path of its artifact.
    pub path: Box<str>,
    /// Its current owner, if a line records one.
    pub owner: Option<Box<str>>,
    /// Its other keys.
    pub aliases: Vec<Box<str>>,
    /// Its earlier keys, which stay reserved permanently.
    pub former: Vec<Box<str>>,
    /// The published versions, the lines that published them, and the lines that yanked them.
    pub versions: Vec<(Box<str>, u64, Option<u64>)>,
    /// The identity into which it was merged.
    pub merged_into: Option<Ulid>,
    /// What replaces it, as its deprecation names it.
    pub replaced_by: Option<Box<str>>,
}

impl Identity {
    /// Returns the version published last.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.versions.last().map(|(version, ..)| &**version)
    }
}

impl Identity {
    /// Checks the order of events: (PUBLISH | REKEY | ALIAS_ADD | MOVE | TRANSFER)* → DEPRECATE → RETIRE | CONSOLIDATE.
    ///
    /// YANK and WAIVE are allowed in every status.
    pub(super) fn allows(&self, kind: EventType) -> Result<()> {
        use EventType as T;
        let allowed = match self.status {
            Status::Active => !matches!(kind, T::Retire | T::Consolidate),
            Status::Deprecated => matches!(kind, T::Retire | T::Consolidate | T::Yank | T::Waive),
            Status::Retired | Status::Consolidated => matches!(kind, T::Yank | T::Waive),
        };
        match allowed {
            true => Ok(()),
            false if self.status == Status::Active => {
                illegal(format!("{} requires that the identity is deprecated first", kind.name()), None)
            }
            false => {
                let message =
                    format!("{} is not allowed: the identity is {}", kind.name(), self.status.name());
                illegal(message, self.status_line)
            }
        }
    }

    pub(super) fn apply(&mut self, number: u64, event: &Event<'_>, back_ports: bool) -> Result<()> {
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned().into_boxed_str();
        let follow = |current: &str, named: &str, what: &str, line: u64| {
            if current == named {
                Ok(())
            } else {
                illegal(format!("the {what} is {current}, not {named}"), line)
            }
        };
        match event.kind {
            EventType::Rekey => {
                follow(&self.key, &text("old_key"), "key", self.last_line)?;
                let new = text("new_key");
                self.former.push(std::mem::replace(&mut self.key, new));
            }
            EventType::AliasAdd => {
                let alias = text("alias");
                if self.aliases.contains(&alias) || self.key == alias {
                    return illegal(format!("{alias} is already a key of this identity"), self.last_line);
                }
                self.aliases.push(alias);
            }
            EventType::Move => {
                follow(&self.path, &text("from"), "path", self.last_line)?;
                self.path = text("to");
            }
            EventType::Transfer => {
                if let Some(owner) = &self.owner {
                    follow(owner, &text("from"), "owner", self.last_line)?;
                }
                self.owner = Some(text("to"));
            }
            EventType::Publish => self.publish(number, text("version"), back_ports)?,
            EventType::Yank => {
                let version = text("version");
                match self.versions.iter_mut().find(|(known, ..)| *known == version) {
                    None => return illegal(format!("version {version} was not published"), None),
                    Some((_, _, Some(line))) => {
                        return illegal(format!("version {version} was already yanked"), *line);
                    }
                    Some((_, _, yanked)) => *yanked = Some(number),
                }
            }
            EventType::Deprecate => {
                self.replaced_by = event.text("replaced_by").map(|text| text.into_owned().into_boxed_str());
                self.set_status(Status::Deprecated, number);
            }
            EventType::Consolidate => {
                self.merged_into = Ulid::parse(&text("target_ulid")).ok();
                self.set_status(Status::Consolidated, number);
            }
            EventType::Retire => self.set_status(Status::Retired, number),
            EventType::Waive
            | EventType::Genesis
            | EventType::Create
            | EventType::RotateKey
            | EventType::Seal => {}
        }
        Ok(())
    }

    fn set_status(&mut self, status: Status, number: u64) {
        self.status = status;
        self.status_line = number;
    }

    /// Publishes a version, which must be higher than all earlier ones; build metadata does not count.
    fn publish(&mut self, number: u64, version: Box<str>, back_ports: bool) -> Result<()> {
        if !back_ports && self.version().is_some_and(|last| is_plain_increase(last, &version)) {
            self.versions.push((version, number, None));
            return Ok(());
        }
        let parse = |text: &str| Version::parse(text).ok();
        let Some(new) = parse(&version) else {
            return illegal(format!("`{version}` is not a valid version (SemVer 2.0.0)"), None);
        };
        let higher = self.versions.iter().rev().find(|(known, ..)| {
            parse(known).is_some_and(|known| {
                if back_ports {
                    known.cmp_precedence(&new).is_eq()
                } else {
                    known.cmp_precedence(&new).is_ge()
                }
            })
        });
        if let Some((known, line, _)) = higher {
            return illegal(
                format!("version {version} is not higher than the published version {known}"),
                *line,
            );
        }
        self.versions.push((version, number, None));
        Ok(())
    }
}

/// Returns whether both versions consist of three numbers and the second is higher. This is the common case, decided without parsing.
fn is_plain_increase(old: &str, new: &str) -> bool {
    let numbers = |text: &str| {
        let mut numbers = [0u64; 3];
        let mut parts = text.split('.');
        for number in &mut numbers {
            // Longer numbers could overflow: they are parsed in full.
            let part = parts.next().filter(|part| part.len() < 19)?;
            *number = part.bytes().try_fold(0, |number, byte| {
                byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))
            })?;
        }
        parts.next().is_none().then_some(numbers)
    };
    numbers(old).zip(numbers(new)).is_some_and(|(old, new)| old < new)
}
