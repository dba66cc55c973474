//! An identity: what its lines made of it, and what may happen to it next.

use artifact::Ulid;
use semver::Version;
use tlog::Hash;

use super::{Result, illegal};
use crate::{Event, EventType, Json};

/// What an identity is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Status {
    /// It is used.
    Active,
    /// It is not to be relied on any more.
    Deprecated,
    /// It went into another one.
    Consolidated,
    /// It is gone.
    Retired,
}

impl Status {
    /// Returns the name that cards and specs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Deprecated => "deprecated",
            Status::Consolidated => "consolidated",
            Status::Retired => "retired",
        }
    }
}

/// An identity as its lines left it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The leaf hash of its last line.
    pub last: Hash,
    /// The number of its last line, from 0.
    pub last_line: u64,
    /// What it is now.
    pub status: Status,
    /// The line that made it so.
    pub status_line: u64,
    /// Its key of today.
    pub key: Box<str>,
    /// What it is an identity of.
    pub kind: Box<str>,
    /// Where it lies today.
    pub path: Box<str>,
    /// Who answers for it today, where a line says so.
    pub owner: Option<Box<str>>,
    /// Its other keys.
    pub aliases: Vec<Box<str>>,
    /// Keys that it had, and that are nobody else's for ever.
    pub former: Vec<Box<str>>,
    /// The published versions with their lines, and the lines that yanked them.
    pub versions: Vec<(Box<str>, u64, Option<u64>)>,
}

impl Identity {
    /// Returns the version that was published last.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.versions.last().map(|(version, ..)| &**version)
    }

    /// Writes the identity as a line of the sealed state.
    #[must_use]
    pub fn state_line(&self, ulid: Ulid) -> String {
        let list = |texts: &[Box<str>]| Json::List(texts.iter().map(|text| Json::text(&**text)).collect());
        let mut members = vec![
            ("aliases", list(&self.aliases)),
            ("key", Json::text(&*self.key)),
            ("kind", Json::text(&*self.kind)),
            ("last", Json::text(self.last.hex())),
            ("path", Json::text(&*self.path)),
            ("status", Json::text(self.status.name())),
            ("ulid", Json::text(ulid.to_string())),
        ];
        members.extend(self.owner.as_ref().map(|owner| ("owner", Json::text(&**owner))));
        members.extend(self.version().map(|version| ("version", Json::text(version))));
        Json::object(members).to_string()
    }
}

impl Identity {
    /// What the state machine lets happen: (PUBLISH | REKEY | ALIAS_ADD | MOVE | TRANSFER)* → DEPRECATE → RETIRE | CONSOLIDATE.
    ///
    /// A yanked version is told, and a rule waived, whatever the identity has become.
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
                illegal(format!("an identity is deprecated before {}", kind.name()), None)
            }
            false => {
                let message =
                    format!("the identity is {}, and {} comes too late", self.status.name(), kind.name());
                illegal(message, self.status_line)
            }
        }
    }

    pub(super) fn take(&mut self, number: u64, event: &Event<'_>, back_ports: bool) -> Result<()> {
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned().into_boxed_str();
        let follow = |old: &str, said: &str, what: &str, line: u64| {
            if old == said { Ok(()) } else { illegal(format!("the {what} was {old}, not {said}"), line) }
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
                    return illegal(format!("{alias} is a key of this identity already"), self.last_line);
                }
                self.aliases.push(alias);
            }
            EventType::Move => {
                follow(&self.path, &text("from"), "place", self.last_line)?;
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
                    None => return illegal(format!("version {version} was never published"), None),
                    Some((_, _, Some(line))) => {
                        return illegal(format!("version {version} was yanked already"), *line);
                    }
                    Some((_, _, yanked)) => *yanked = Some(number),
                }
            }
            EventType::Deprecate => self.become_(Status::Deprecated, number),
            EventType::Consolidate => self.become_(Status::Consolidated, number),
            EventType::Retire => self.become_(Status::Retired, number),
            EventType::Waive
            | EventType::Genesis
            | EventType::Create
            | EventType::RotateKey
            | EventType::Seal => {}
        }
        Ok(())
    }

    fn become_(&mut self, status: Status, number: u64) {
        self.status = status;
        self.status_line = number;
    }

    /// Versions only rise; two that differ in build metadata alone are one.
    fn publish(&mut self, number: u64, version: Box<str>, back_ports: bool) -> Result<()> {
        if !back_ports && self.version().is_some_and(|last| plainly_rises(last, &version)) {
            self.versions.push((version, number, None));
            return Ok(());
        }
        let parse = |text: &str| Version::parse(text).ok();
        let Some(new) = parse(&version) else { return illegal(format!("{version} is no version"), None) };
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
            return illegal(format!("version {known} was published before {version}"), *line);
        }
        self.versions.push((version, number, None));
        Ok(())
    }
}

/// Tells whether both versions are three plain numbers, and the second is higher: the common step, seen without parsing more.
fn plainly_rises(old: &str, new: &str) -> bool {
    let numbers = |text: &str| {
        let mut numbers = [0u64; 3];
        let mut parts = text.split('.');
        for number in &mut numbers {
            // Nineteen digits would not fit; whoever has them is parsed.
            let part = parts.next().filter(|part| part.len() < 19)?;
            *number = part.bytes().try_fold(0, |number, byte| {
                byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))
            })?;
        }
        parts.next().is_none().then_some(numbers)
    };
    numbers(old).zip(numbers(new)).is_some_and(|(old, new)| old < new)
}
