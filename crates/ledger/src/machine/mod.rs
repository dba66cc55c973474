//! What may follow what: the state of every identity, a line at a time.

mod identities;
mod identity;
mod log;

use std::borrow::Cow;

use artifact::Ulid;
use rayon::prelude::*;
use tlog::{Algorithm, Hash, Tree, VerifierKey};

use identities::Identities;
pub use identity::{Identity, Status};
pub use log::{Log, rotation};

use crate::{Event, EventType};

/// What policy lets the ledger do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discipline {
    /// Whether a version may be published after a higher one: a back-port.
    pub back_ports: bool,
    /// The types of events that an attestation must stand behind.
    pub attested: Vec<EventType>,
    /// Those of whom one must have signed the attestation; anybody where there is none.
    pub attesters: Vec<VerifierKey>,
    /// How the tags of published versions are called.
    pub tags: artifact::tag::Templates,
}

impl Discipline {
    /// What stands was held to the policy of its own time: today's says nothing of it.
    #[must_use]
    pub fn of_the_past() -> Discipline {
        Discipline { back_ports: true, ..Discipline::default() }
    }
}

/// Why a step is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of mistake it is.
    pub kind: RefusalKind,
    /// What is wrong: lower case, no closing full stop.
    pub message: String,
    /// The number of the line that forbids it, from 0.
    pub because_of: Option<u64>,
}

/// The kinds of steps that are not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// The line does not stand behind its identity's last one.
    Order,
    /// No line created the identity.
    UnknownSubject,
    /// The identity is in no state for this.
    Illegal,
}

type Result<T> = std::result::Result<T, Refusal>;

fn illegal<T>(message: impl Into<String>, because_of: impl Into<Option<u64>>) -> Result<T> {
    Err(Refusal { kind: RefusalKind::Illegal, message: message.into(), because_of: because_of.into() })
}

/// The state of the log and of every identity in it.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// What policy lets the ledger do.
    pub discipline: Discipline,
    log: Option<Log>,
    identities: Identities,
}

impl Machine {
    /// Starts with nothing.
    #[must_use]
    pub fn new(discipline: Discipline) -> Machine {
        Machine { discipline, ..Machine::default() }
    }

    /// Returns the log itself, once it began.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.log.as_ref()
    }

    /// Returns an identity.
    #[must_use]
    pub fn identity(&self, ulid: Ulid) -> Option<Cow<'_, Identity>> {
        self.identities.get(ulid)
    }

    /// Returns the identity that has a key, or ever had it.
    #[must_use]
    pub fn holder_of(&self, key: &str) -> Option<Ulid> {
        self.identities.holder_of_key(key)
    }

    /// Goes on from a line that was refused, so that what follows it is judged by itself.
    pub(crate) fn resume(&mut self, subject: Option<Ulid>, number: u64, leaf: Hash) {
        match subject {
            None => {
                if let Some(log) = &mut self.log {
                    log.last = leaf;
                }
            }
            Some(subject) => {
                if let Some(identity) = self.identities.get_mut(subject) {
                    identity.last = leaf;
                    identity.last_line = number;
                }
            }
        }
    }

    /// Returns the hash that the next line of an identity, or of the log, must name as `prev`.
    #[must_use]
    pub fn prev(&self, subject: Option<Ulid>) -> Option<Hash> {
        match subject {
            Some(ulid) => self.identity(ulid).map(|identity| identity.last),
            None => self.log.as_ref().map(|log| log.last),
        }
    }

    /// Takes a step; one that is refused changes nothing. `number` is the line's, from 0; `leaf` its hash.
    ///
    /// # Errors
    /// When the step is not allowed.
    pub fn step(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if self.discipline.attested.contains(&event.kind) && event.att.is_none() {
            return illegal(format!("policy demands an attestation (`att`) for {}", event.kind.name()), None);
        }
        if self.log.is_none() && event.kind != EventType::Genesis {
            return illegal("a ledger begins with GENESIS", None);
        }
        match (event.kind, event.subject) {
            (EventType::Genesis, _) => self.genesis(number, event, leaf),
            (EventType::RotateKey, _) => self.rotate(number, event, leaf),
            (EventType::Seal, _) => self.seal_line(event, leaf),
            (EventType::Create, Some(subject)) => self.create(number, subject, event, leaf),
            (_, Some(subject)) => self.change(number, subject, event, leaf),
            (_, None) => illegal("the event names no identity", None),
        }
    }

    /// Tells whether a step would be taken, and takes none.
    ///
    /// # Errors
    /// When the step is not allowed.
    pub fn judge(&self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let subject = event.subject.and_then(|ulid| Some((ulid, self.identity(ulid)?.into_owned())));
        let mut alone = match event.kind {
            EventType::Seal => self.clone(),
            _ => Machine { log: self.log.clone(), ..Machine::new(self.discipline.clone()) },
        };
        if let Some((ulid, identity)) = subject {
            alone.identities.insert(ulid, identity);
        }
        self.is_free(event)?;
        alone.step(number, event, leaf)
    }

    fn genesis(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if self.log.is_some() {
            return illegal("the log began already", 0);
        }
        let keys = event.list("keys");
        let keys: Vec<_> = keys.iter().filter_map(|key| VerifierKey::parse(key).ok()).collect();
        if keys.iter().any(|key| key.algorithm() != Algorithm::Ed25519) {
            return illegal("a log is signed with Ed25519: this is a witness's key", None);
        }
        if keys.len() > 1 {
            return illegal("a log begins with one key, or none", None);
        }
        self.log = Some(Log {
            last: leaf,
            origin: event.text("origin").unwrap_or_default().into_owned(),
            key: keys.first().cloned(),
            keys: keys.into_iter().map(|key| (key, number)).collect(),
        });
        Ok(())
    }

    /// The log's own lines stand behind one another, too.
    fn log_behind(&mut self, event: &Event<'_>) -> Result<&mut Log> {
        let Some(log) = &mut self.log else { return illegal("a ledger begins with GENESIS", None) };
        if event.prev == Some(log.last) {
            Ok(log)
        } else {
            Err(Refusal {
                kind: RefusalKind::Order,
                message: "`prev` is not the log's own last line".into(),
                because_of: None,
            })
        }
    }

    fn rotate(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        self.log_behind(event)?.rotate(number, event, leaf)
    }

    fn seal_line(&mut self, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let (count, root) = self.seal();
        let log = self.log_behind(event)?;
        let said = event.text("root").and_then(|root| Hash::from_hex(&root));
        if event.count("identities") != Some(count) || said != Some(root) {
            return illegal(
                format!("the state of the {count} identities before this line has the root {}", root.hex()),
                None,
            );
        }
        log.last = leaf;
        Ok(())
    }

    /// A key is never another identity's again, and no two lie at one place.
    fn is_free(&self, event: &Event<'_>) -> Result<()> {
        let (key, place) = match event.kind {
            EventType::Create => (event.text("key"), event.text("path")),
            EventType::Rekey => (event.text("new_key"), None),
            EventType::AliasAdd => (event.text("alias"), None),
            EventType::Move => (None, event.text("to")),
            _ => return Ok(()),
        };
        let other = |holder: Option<Ulid>| holder.filter(|holder| Some(*holder) != event.subject);
        let line = |holder: Ulid| self.identity(holder).map(|identity| identity.last_line);
        if let Some(key) = key
            && let Some(holder) = other(self.identities.holder_of_key(&key))
        {
            return illegal(format!("{key} is, or was, the key of {holder}"), line(holder));
        }
        if let Some(place) = place
            && let Some(holder) = other(self.identities.holder_of_place(&place))
        {
            return illegal(format!("{place} is the place of {holder}"), line(holder));
        }
        Ok(())
    }

    /// What others go into goes on: not into itself, and not into what has ended.
    fn goes_on(&self, subject: Ulid, event: &Event<'_>) -> Result<()> {
        let target = event.text("target_ulid").filter(|_| event.kind == EventType::Consolidate);
        let Some(target) = target.and_then(|text| Ulid::parse(&text).ok()) else { return Ok(()) };
        if target == subject {
            return illegal(format!("{subject} cannot go into itself"), None);
        }
        match self.identity(target) {
            Some(identity) if matches!(identity.status, Status::Retired | Status::Consolidated) => illegal(
                format!("{subject} cannot go into {target}, which is {}", identity.status.name()),
                identity.status_line,
            ),
            _ => Ok(()),
        }
    }

    fn create(&mut self, number: u64, subject: Ulid, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if let Some(identity) = self.identity(subject) {
            return illegal(
                format!("{subject} was created already"),
                identity.status_line.min(identity.last_line),
            );
        }
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned().into_boxed_str();
        let identity = Identity {
            last: leaf,
            last_line: number,
            status: Status::Active,
            status_line: number,
            key: text("key"),
            kind: text("kind"),
            path: text("path"),
            owner: event.text("owner").map(|owner| owner.into_owned().into_boxed_str()),
            aliases: Vec::new(),
            former: Vec::new(),
            versions: Vec::new(),
        };
        self.is_free(event)?;
        self.identities.insert(subject, identity);
        Ok(())
    }

    fn change(&mut self, number: u64, subject: Ulid, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let back_ports = self.discipline.back_ports;
        let Some(identity) = self.identities.get(subject) else {
            return Err(Refusal {
                kind: RefusalKind::UnknownSubject,
                message: format!("no line created {subject}"),
                because_of: None,
            });
        };
        if event.prev != Some(identity.last) {
            return Err(Refusal {
                kind: RefusalKind::Order,
                message: "`prev` is not this identity's last line: the event was made of an older state"
                    .into(),
                because_of: Some(identity.last_line),
            });
        }
        identity.allows(event.kind)?;
        self.goes_on(subject, event)?;
        self.is_free(event)?;
        let Some(identity) = self.identities.get_mut(subject) else { return Ok(()) };
        let place = identity.path.clone();
        identity.take(number, event, back_ports)?;
        identity.last = leaf;
        identity.last_line = number;
        // Only these have other keys or another place by now.
        use EventType as T;
        if matches!(event.kind, T::Rekey | T::AliasAdd | T::Move | T::Retire | T::Consolidate) {
            self.identities.hold_again(subject, &place);
        }
        Ok(())
    }

    /// Returns how many identities there are, and the root of their states: RFC 6962 over the state lines, sorted by ULID.
    #[must_use]
    pub fn seal(&self) -> (u64, Hash) {
        let leaves: Vec<Hash> = self
            .sorted()
            .par_iter()
            .map(|(ulid, identity)| Hash::leaf(identity.state_line(*ulid).as_bytes()))
            .collect();
        (leaves.len() as u64, leaves.into_iter().collect::<Tree>().root())
    }

    /// Writes the identities down for another machine to take up.
    #[must_use]
    pub(crate) fn write_down(&self) -> Vec<u8> {
        self.identities.write_down()
    }

    /// Takes up what was written down; `None` where it is nothing of the kind.
    pub(crate) fn take_up(log: Option<Log>, identities: Vec<u8>) -> Option<Machine> {
        let identities = Identities::take_up(identities)?;
        Some(Machine { discipline: Discipline::of_the_past(), log, identities })
    }

    /// Returns every identity, sorted by ULID, as the sealed state has them.
    #[must_use]
    pub fn sorted(&self) -> Vec<(Ulid, Cow<'_, Identity>)> {
        self.identities.sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Json};

    const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
    const OTHER: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";

    /// A ledger written step by step; `Err` holds the refusal.
    #[derive(Default)]
    struct Written {
        machine: Machine,
        lines: Vec<String>,
    }

    impl Written {
        fn begun() -> Written {
            let mut written = Written::default();
            written.add(EventType::Genesis, None, &[("origin", "example.org/log")]).unwrap();
            written
                .add(
                    EventType::Create,
                    Some(ONE),
                    &[
                        ("key", "PLG_ONE"),
                        ("kind", "plugin"),
                        ("owner", "a@example.org"),
                        ("path", "plugins/one"),
                    ],
                )
                .unwrap();
            written
        }

        fn add(
            &mut self,
            kind: EventType,
            subject: Option<&str>,
            payload: &[(&'static str, &str)],
        ) -> Result<()> {
            let subject = subject.map(|text| Ulid::parse(text).unwrap());
            let mut payload: Vec<_> = payload.iter().map(|(name, text)| (*name, Json::text(*text))).collect();
            if kind == EventType::Genesis {
                payload.push(("keys", Json::List(Vec::new())));
            }
            if kind == EventType::Consolidate {
                payload.push(("sources", Json::List(vec![Json::text(ONE)])));
            }
            let draft = Draft {
                kind,
                subject,
                src: Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
                time: 1_767_225_600,
                by: "a@example.org".into(),
                card_sha256: None,
                att: None,
                payload,
                told_by: snapshot::RepoPath::root(),
                ordinal: 0,
            };
            let prev = self.machine.prev(subject).filter(|_| !kind.begins());
            let line = draft.line(Some(&prev.unwrap_or(Hash::empty())).filter(|_| !kind.begins()));
            let event = Event::read(line.as_bytes()).unwrap();
            self.machine.step(self.lines.len() as u64, &event, Hash::leaf(line.as_bytes()))?;
            self.lines.push(line);
            Ok(())
        }

        fn refused(
            &mut self,
            kind: EventType,
            subject: Option<&str>,
            payload: &[(&'static str, &str)],
        ) -> (String, Option<u64>) {
            let refusal = self.add(kind, subject, payload).unwrap_err();
            (refusal.message, refusal.because_of)
        }
    }

    #[test]
    fn an_identity_goes_its_way() {
        let mut ledger = Written::begun();
        for (kind, payload) in [
            (EventType::Publish, &[("version", "1.0.0"), ("sha256", &*Hash::empty().hex())][..]),
            (EventType::Rekey, &[("old_key", "PLG_ONE"), ("new_key", "PLG_FIRST")]),
            (EventType::AliasAdd, &[("alias", "PLG_ONE")]),
            (EventType::Move, &[("from", "plugins/one"), ("to", "plugins/first")]),
            (EventType::Transfer, &[("from", "a@example.org"), ("to", "b@example.org")]),
            (EventType::Publish, &[("version", "1.1.0"), ("sha256", &*Hash::empty().hex())]),
            (EventType::Yank, &[("version", "1.0.0"), ("reason", "broken")]),
            (EventType::Deprecate, &[]),
            (EventType::Yank, &[("version", "1.1.0"), ("reason", "broken")]),
            (EventType::Retire, &[]),
        ] {
            ledger.add(kind, Some(ONE), payload).unwrap();
        }
        let identity = ledger.machine.identity(Ulid::parse(ONE).unwrap()).unwrap();
        assert_eq!(
            (&*identity.key, &*identity.path, identity.owner.as_deref()),
            ("PLG_FIRST", "plugins/first", Some("b@example.org"))
        );
        assert_eq!((identity.version(), identity.status), (Some("1.1.0"), Status::Retired));
    }

    #[test]
    fn illegal_steps_are_refused_with_the_line_that_forbids_them() {
        let mut ledger = Written::begun();
        let digest = Hash::empty().hex();
        let publish = |version| [("version", version), ("sha256", digest.as_str())];
        let born = [("key", "PLG_ONE"), ("kind", "plugin"), ("path", "plugins/one")];
        let refused = ledger.refused(EventType::Create, Some(ONE), &born);
        assert_eq!(refused, (format!("{ONE} was created already"), Some(1)));
        let refused = ledger.refused(EventType::Retire, Some(ONE), &[]);
        assert_eq!(refused, ("an identity is deprecated before RETIRE".into(), None));
        let refused = ledger.refused(EventType::Publish, Some(OTHER), &publish("1.0.0"));
        assert_eq!(refused, (format!("no line created {OTHER}"), None));
        ledger.add(EventType::Publish, Some(ONE), &publish("1.1.0")).unwrap();
        for version in ["1.1.0", "1.0.9", "1.1.0-rc.1", "1.1.0+build"] {
            let refused = ledger.refused(EventType::Publish, Some(ONE), &publish(version));
            assert_eq!(refused, (format!("version 1.1.0 was published before {version}"), Some(2)));
        }
        let refused = ledger.refused(EventType::Yank, Some(ONE), &[("version", "9.0.0"), ("reason", "r")]);
        assert_eq!(refused.0, "version 9.0.0 was never published");
        let rekey = [("old_key", "PLG_X"), ("new_key", "PLG_Y")];
        assert_eq!(ledger.refused(EventType::Rekey, Some(ONE), &rekey).0, "the key was PLG_ONE, not PLG_X");
        ledger.add(EventType::Deprecate, Some(ONE), &[]).unwrap();
        let refused = ledger.refused(EventType::Publish, Some(ONE), &publish("2.0.0"));
        assert_eq!(refused, ("the identity is deprecated, and PUBLISH comes too late".into(), Some(3)));
        let refused = ledger.refused(EventType::Genesis, None, &[("origin", "x")]);
        assert_eq!(refused, ("the log began already".into(), Some(0)));
    }

    #[test]
    fn a_stale_event_is_refused() {
        let mut ledger = Written::begun();
        let stale = ledger.machine.prev(Some(Ulid::parse(ONE).unwrap()));
        ledger.add(EventType::AliasAdd, Some(ONE), &[("alias", "PLG_UNO")]).unwrap();
        let line = ledger.lines[2].replace("PLG_UNO", "PLG_EIN");
        let event = Event::read(line.as_bytes()).unwrap();
        assert_eq!(event.prev, stale);
        let refusal = ledger.machine.step(3, &event, Hash::leaf(line.as_bytes())).unwrap_err();
        assert_eq!((refusal.kind, refusal.because_of), (RefusalKind::Order, Some(2)));
    }

    #[test]
    fn back_ports_are_policys_to_allow() {
        let mut ledger = Written::begun();
        ledger.machine.discipline.back_ports = true;
        let digest = Hash::empty().hex();
        for version in ["2.0.0", "1.9.1"] {
            ledger.add(EventType::Publish, Some(ONE), &[("version", version), ("sha256", &digest)]).unwrap();
        }
        let again =
            ledger.refused(EventType::Publish, Some(ONE), &[("version", "2.0.0"), ("sha256", &digest)]);
        assert_eq!(again, ("version 2.0.0 was published before 2.0.0".into(), Some(2)));
    }
}
