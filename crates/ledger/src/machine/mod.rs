//! The state machine: which event may follow which, and the state of every identity after each line.

mod identities;
mod identity;
mod log;

use std::borrow::Cow;

use artifact::{ArtifactKind, Ulid};
use rayon::prelude::*;
use tlog::{Algorithm, Hash, Tree, VerifierKey};

use identities::Identities;
pub use identity::{Identity, Status};
pub use log::{Log, rotation};

use crate::{Event, EventType, State, StateForm};

/// The settings of the policy that concern the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discipline {
    /// Whether a lower version may be published after a higher one: a back-port.
    pub back_ports: bool,
    /// Whether a key may have the prefix of another kind of artifact: only lines that were recorded before this was refused may.
    pub foreign_prefixes: bool,
    /// The event types that require an attestation.
    pub attested: Vec<EventType>,
    /// The keys of which one must have signed the attestation; if empty, any signer is accepted.
    pub attesters: Vec<VerifierKey>,
    /// The name templates of the tags of published versions.
    pub tags: artifact::tag::Templates,
    /// The directories of plugins.
    pub layout: artifact::layout::Layout,
}

impl Discipline {
    /// Returns the settings for lines that are already recorded: the policy of their own time was enforced then, today's does not apply.
    #[must_use]
    pub fn for_recorded_lines() -> Discipline {
        Discipline { back_ports: true, foreign_prefixes: true, ..Discipline::default() }
    }
}

/// Why an event is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The kind of violation.
    pub kind: RefusalKind,
    /// The violation: lower case, no closing full stop.
    pub message: String,
    /// The number of the line that conflicts with it, from 0.
    pub because_of: Option<u64>,
}

/// The kinds of violations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// `prev` is not the last line of the identity.
    Order,
    /// No line created the identity.
    UnknownSubject,
    /// The state of the identity does not allow the event.
    Illegal,
}

type Result<T> = std::result::Result<T, Refusal>;

fn illegal<T>(message: impl Into<String>, because_of: impl Into<Option<u64>>) -> Result<T> {
    Err(Refusal { kind: RefusalKind::Illegal, message: message.into(), because_of: because_of.into() })
}

/// The state of the log and of every identity in it.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// The settings of the policy that concern the ledger.
    pub discipline: Discipline,
    log: Option<Log>,
    identities: Identities,
}

impl Machine {
    /// Creates the state of an empty ledger.
    #[must_use]
    pub fn new(discipline: Discipline) -> Machine {
        Machine { discipline, ..Machine::default() }
    }

    /// Returns the state of the log itself, after GENESIS.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.log.as_ref()
    }

    /// Returns the state of an identity.
    #[must_use]
    pub fn identity(&self, ulid: Ulid) -> Option<Cow<'_, Identity>> {
        self.identities.get(ulid)
    }

    /// Returns the identity that has, or ever had, a key.
    #[must_use]
    pub fn holder_of(&self, key: &str) -> Option<Ulid> {
        self.identities.holder_of_key(key)
    }

    /// Accepts a refused line as the last one, so that the following lines are not refused because of it.
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

    /// Returns the `prev` that the next line of an identity, or of the log, must have.
    #[must_use]
    pub fn prev(&self, subject: Option<Ulid>) -> Option<Hash> {
        match subject {
            Some(ulid) => self.identity(ulid).map(|identity| identity.last),
            None => self.log.as_ref().map(|log| log.last),
        }
    }

    /// Applies an event; a refused event changes nothing. `number` is the number of the line, from 0; `leaf` its leaf hash.
    ///
    /// # Errors
    /// When the event is not allowed.
    pub fn apply(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if self.discipline.attested.contains(&event.kind) && event.att.is_none() {
            return illegal(
                format!("the policy requires an attestation (`att`) for {}", event.kind.name()),
                None,
            );
        }
        if self.log.is_none() && event.kind != EventType::Genesis {
            return illegal("a ledger must start with GENESIS", None);
        }
        match (event.kind, event.subject) {
            (EventType::Genesis, _) => self.genesis(number, event, leaf),
            (EventType::RotateKey, _) => self.rotate(number, event, leaf),
            (EventType::Seal, _) => self.seal_line(event, leaf),
            (EventType::Create, Some(subject)) => self.create(number, subject, event, leaf),
            (_, Some(subject)) => self.change(number, subject, event, leaf),
            (_, None) => illegal("the event must name an identity", None),
        }
    }

    /// Checks whether an event is allowed, and changes nothing.
    ///
    /// # Errors
    /// When the event is not allowed.
    pub fn check(&self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let subject = event.subject.and_then(|ulid| Some((ulid, self.identity(ulid)?.into_owned())));
        let mut alone = match event.kind {
            EventType::Seal => self.clone(),
            _ => Machine { log: self.log.clone(), ..Machine::new(self.discipline.clone()) },
        };
        if let Some((ulid, identity)) = subject {
            alone.identities.insert(ulid, identity);
        }
        self.check_unused(event)?;
        alone.apply(number, event, leaf)
    }

    fn genesis(&mut self, number: u64, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if self.log.is_some() {
            return illegal("the log was already created", 0);
        }
        let keys = event.list("keys");
        let keys: Vec<_> = keys.iter().filter_map(|key| VerifierKey::parse(key).ok()).collect();
        if keys.iter().any(|key| key.algorithm() != Algorithm::Ed25519) {
            return illegal("expected a log key (Ed25519), found a witness key", None);
        }
        if keys.len() > 1 {
            return illegal("GENESIS must name at most one key", None);
        }
        self.log = Some(Log {
            last: leaf,
            origin: event.text("origin").unwrap_or_default().into_owned(),
            key: keys.first().cloned(),
            keys: keys.into_iter().map(|key| (key, number)).collect(),
        });
        Ok(())
    }

    /// Checks that `prev` is the log's own last line.
    fn next_of_log(&mut self, event: &Event<'_>) -> Result<&mut Log> {
        let Some(log) = &mut self.log else { return illegal("a ledger must start with GENESIS", None) };
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
        self.next_of_log(event)?.rotate(number, event, leaf)
    }

    fn seal_line(&mut self, event: &Event<'_>, leaf: Hash) -> Result<()> {
        let Some(form) = StateForm::of_seal(event.count("state")) else {
            return illegal("this program does not know the form of the sealed states", None);
        };
        let (count, root) = self.seal(form);
        let log = self.next_of_log(event)?;
        let recorded = event.text("root").and_then(|root| Hash::from_hex(&root));
        if event.count("identities") != Some(count) || recorded != Some(root) {
            return illegal(
                format!("the root of the {count} identities before this line is {}", root.hex()),
                None,
            );
        }
        log.last = leaf;
        Ok(())
    }

    /// Checks that the key never belonged to another identity, and that no other artifact has the path.
    fn check_unused(&self, event: &Event<'_>) -> Result<()> {
        let (key, path) = match event.kind {
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
            return illegal(format!("{key} is or was a key of {holder}"), line(holder));
        }
        if let Some(path) = path
            && let Some(holder) = other(self.identities.holder_of_path(&path))
        {
            return illegal(format!("{path} is the path of {holder}"), line(holder));
        }
        Ok(())
    }

    /// Checks that a new key has the prefix of the kind of its artifact.
    fn check_prefix(&self, kind: &str, event: &Event<'_>) -> Result<()> {
        let key = match event.kind {
            EventType::Create => event.text("key"),
            EventType::Rekey => event.text("new_key"),
            EventType::AliasAdd => event.text("alias"),
            _ => None,
        };
        let Some(key) = key.filter(|_| !self.discipline.foreign_prefixes) else { return Ok(()) };
        match ArtifactKind::from_name(kind).map(ArtifactKind::prefix) {
            Some(prefix) if !key.starts_with(prefix) => {
                illegal(format!("{key} is not a key of a {kind}: it must start with {prefix}"), None)
            }
            _ => Ok(()),
        }
    }

    /// Checks the target of CONSOLIDATE: another identity, neither retired nor consolidated.
    fn check_target(&self, subject: Ulid, event: &Event<'_>) -> Result<()> {
        let target = event.text("target_ulid").filter(|_| event.kind == EventType::Consolidate);
        let Some(target) = target.and_then(|text| Ulid::parse(&text).ok()) else { return Ok(()) };
        if target == subject {
            return illegal(format!("{subject} cannot be merged into itself"), None);
        }
        match self.identity(target) {
            Some(identity) if matches!(identity.status, Status::Retired | Status::Consolidated) => illegal(
                format!("{subject} cannot be merged into {target}, which is {}", identity.status.name()),
                identity.status_line,
            ),
            _ => Ok(()),
        }
    }

    fn create(&mut self, number: u64, subject: Ulid, event: &Event<'_>, leaf: Hash) -> Result<()> {
        if let Some(identity) = self.identity(subject) {
            return illegal(
                format!("{subject} was already created"),
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
            merged_into: None,
            replaced_by: None,
        };
        self.check_prefix(&identity.kind, event)?;
        self.check_unused(event)?;
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
                message:
                    "`prev` is not the last line of this identity: the event was created from an older state"
                        .into(),
                because_of: Some(identity.last_line),
            });
        }
        identity.allows(event.kind)?;
        self.check_prefix(&identity.kind, event)?;
        self.check_target(subject, event)?;
        self.check_unused(event)?;
        let Some(identity) = self.identities.get_mut(subject) else { return Ok(()) };
        let old_path = identity.path.clone();
        identity.apply(number, event, back_ports)?;
        identity.last = leaf;
        identity.last_line = number;
        // Only these events change keys or the path.
        use EventType as T;
        if matches!(event.kind, T::Rekey | T::AliasAdd | T::Move | T::Retire | T::Consolidate) {
            self.identities.restore_names(subject, &old_path);
        }
        Ok(())
    }

    /// Returns the number of identities, and the root hash of their states: the RFC 6962 tree over the state lines, sorted by ULID.
    #[must_use]
    pub fn seal(&self, form: StateForm) -> (u64, Hash) {
        let leaves: Vec<Hash> = self
            .sorted()
            .par_iter()
            .map(|(ulid, identity)| Hash::leaf(State::of(*ulid, identity, form).line().as_bytes()))
            .collect();
        (leaves.len() as u64, leaves.into_iter().collect::<Tree>().root())
    }

    /// Serializes the identities for [`Machine::load`].
    #[must_use]
    pub(crate) fn store(&self) -> Vec<u8> {
        self.identities.store()
    }

    /// Loads what [`Machine::store`] wrote; `None` if the bytes are invalid.
    pub(crate) fn load(log: Option<Log>, identities: Vec<u8>) -> Option<Machine> {
        let identities = Identities::load(identities)?;
        Some(Machine { discipline: Discipline::for_recorded_lines(), log, identities })
    }

    /// Returns all identities, sorted by ULID, as in the sealed state.
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

    /// A ledger that a test writes event by event.
    #[derive(Default)]
    struct Written {
        machine: Machine,
        lines: Vec<String>,
    }

    impl Written {
        fn with_one_identity() -> Written {
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
                source_file: snapshot::RepoPath::root(),
                ordinal: 0,
            };
            let prev = self.machine.prev(subject).filter(|_| !kind.is_first());
            let line = draft.line(Some(&prev.unwrap_or(Hash::empty())).filter(|_| !kind.is_first()));
            let event = Event::read(line.as_bytes()).unwrap();
            self.machine.apply(self.lines.len() as u64, &event, Hash::leaf(line.as_bytes()))?;
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
    fn an_identity_passes_through_its_states() {
        let mut ledger = Written::with_one_identity();
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
    fn invalid_events_are_refused_with_the_conflicting_line() {
        let mut ledger = Written::with_one_identity();
        let digest = Hash::empty().hex();
        let publish = |version| [("version", version), ("sha256", digest.as_str())];
        let born = [("key", "PLG_ONE"), ("kind", "plugin"), ("path", "plugins/one")];
        let refused = ledger.refused(EventType::Create, Some(ONE), &born);
        assert_eq!(refused, (format!("{ONE} was already created"), Some(1)));
        let refused = ledger.refused(EventType::Retire, Some(ONE), &[]);
        assert_eq!(refused, ("RETIRE requires that the identity is deprecated first".into(), None));
        let refused = ledger.refused(EventType::Publish, Some(OTHER), &publish("1.0.0"));
        assert_eq!(refused, (format!("no line created {OTHER}"), None));
        ledger.add(EventType::Publish, Some(ONE), &publish("1.1.0")).unwrap();
        for version in ["1.1.0", "1.0.9", "1.1.0-rc.1", "1.1.0+build"] {
            let refused = ledger.refused(EventType::Publish, Some(ONE), &publish(version));
            assert_eq!(
                refused,
                (format!("version {version} is not higher than the published version 1.1.0"), Some(2))
            );
        }
        let refused = ledger.refused(EventType::Yank, Some(ONE), &[("version", "9.0.0"), ("reason", "r")]);
        assert_eq!(refused.0, "version 9.0.0 was not published");
        let rekey = [("old_key", "PLG_X"), ("new_key", "PLG_Y")];
        assert_eq!(ledger.refused(EventType::Rekey, Some(ONE), &rekey).0, "the key is PLG_ONE, not PLG_X");
        ledger.add(EventType::Deprecate, Some(ONE), &[]).unwrap();
        let refused = ledger.refused(EventType::Publish, Some(ONE), &publish("2.0.0"));
        assert_eq!(refused, ("PUBLISH is not allowed: the identity is deprecated".into(), Some(3)));
        let refused = ledger.refused(EventType::Genesis, None, &[("origin", "x")]);
        assert_eq!(refused, ("the log was already created".into(), Some(0)));
    }

    #[test]
    fn a_key_has_the_prefix_of_its_kind() {
        let mut ledger = Written::with_one_identity();
        for (kind, payload) in [
            (EventType::Rekey, [("old_key", "PLG_ONE"), ("new_key", "DOC_ONE")].as_slice()),
            (EventType::AliasAdd, &[("alias", "DOC_ONE")]),
        ] {
            let refused = ledger.refused(kind, Some(ONE), payload);
            assert_eq!(refused.0, "DOC_ONE is not a key of a plugin: it must start with PLG_");
        }
        let document = [("key", "PLG_TWO"), ("kind", "document"), ("path", "docs/two.md")];
        let refused = ledger.refused(EventType::Create, Some(OTHER), &document);
        assert_eq!(refused.0, "PLG_TWO is not a key of a document: it must start with DOC_");
        // Lines that were recorded before are read as they are.
        ledger.machine.discipline = Discipline::for_recorded_lines();
        ledger.add(EventType::Create, Some(OTHER), &document).unwrap();
    }

    #[test]
    fn an_event_with_an_old_prev_is_refused() {
        let mut ledger = Written::with_one_identity();
        let stale = ledger.machine.prev(Some(Ulid::parse(ONE).unwrap()));
        ledger.add(EventType::AliasAdd, Some(ONE), &[("alias", "PLG_UNO")]).unwrap();
        let line = ledger.lines[2].replace("PLG_UNO", "PLG_EIN");
        let event = Event::read(line.as_bytes()).unwrap();
        assert_eq!(event.prev, stale);
        let refusal = ledger.machine.apply(3, &event, Hash::leaf(line.as_bytes())).unwrap_err();
        assert_eq!((refusal.kind, refusal.because_of), (RefusalKind::Order, Some(2)));
    }

    #[test]
    fn a_back_port_needs_permission_by_policy() {
        let mut ledger = Written::with_one_identity();
        ledger.machine.discipline.back_ports = true;
        let digest = Hash::empty().hex();
        for version in ["2.0.0", "1.9.1"] {
            ledger.add(EventType::Publish, Some(ONE), &[("version", version), ("sha256", &digest)]).unwrap();
        }
        let again =
            ledger.refused(EventType::Publish, Some(ONE), &[("version", "2.0.0"), ("sha256", &digest)]);
        assert_eq!(again, ("version 2.0.0 is not higher than the published version 2.0.0".into(), Some(2)));
    }
}
