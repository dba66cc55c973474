//! Folding events into entries. The same code folds a whole ledger, or only its new lines.

use std::collections::BTreeMap;

use artifact::Ulid;
use ledger::{Event, EventType};

use super::Entry;

/// The entries and keys that events change.
pub(super) trait RegistryState {
    /// Returns an entry to change; `None` if it does not exist.
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry>;
    /// Adds a new entry.
    fn add(&mut self, ulid: Ulid, entry: Entry);
    /// Reserves a key for an identity.
    fn reserve_key(&mut self, key: &str, ulid: Ulid);
}

/// Applies an event; returns `false` if it names an identity that no event created.
pub(super) fn fold(state: &mut dyn RegistryState, event: &Event<'_>) -> bool {
    let Some(ulid) = event.subject else { return true };
    let text = |name: &str| event.text(name).map(std::borrow::Cow::into_owned);
    let must = |name: &str| text(name).unwrap_or_default();
    if event.kind == EventType::Create {
        let entry = Entry {
            key: must("key"),
            kind: must("kind"),
            path: must("path"),
            status: "active".into(),
            owner: text("owner"),
            ..Entry::default()
        };
        state.reserve_key(&entry.key, ulid);
        state.add(ulid, entry);
        return true;
    }
    let Some(entry) = state.entry(ulid) else { return false };
    match event.kind {
        EventType::Rekey => {
            entry.key = must("new_key");
            let key = entry.key.clone();
            state.reserve_key(&key, ulid);
        }
        EventType::AliasAdd => {
            let alias = must("alias");
            entry.aliases.push(alias.clone());
            state.reserve_key(&alias, ulid);
        }
        EventType::Move => entry.path = must("to"),
        EventType::Transfer => entry.owner = text("to"),
        EventType::Publish => {
            entry.version = text("version");
            entry.tag = text("tag");
            entry.sha256 = text("sha256");
        }
        EventType::Yank => entry.yanked.push(must("version")),
        EventType::Deprecate => {
            entry.status = "deprecated".into();
            entry.replaced_by = text("replaced_by");
        }
        EventType::Consolidate => {
            entry.status = "consolidated".into();
            entry.merged_into = Ulid::parse(&must("target_ulid")).ok();
        }
        EventType::Retire => entry.status = "retired".into(),
        EventType::Waive
        | EventType::Create
        | EventType::Genesis
        | EventType::RotateKey
        | EventType::Seal => {}
    }
    true
}

/// All entries and keys in memory.
#[derive(Default)]
pub(super) struct FullRegistry {
    pub(super) by_ulid: BTreeMap<Ulid, Entry>,
    pub(super) by_key: BTreeMap<String, Ulid>,
}

impl RegistryState for FullRegistry {
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry> {
        self.by_ulid.get_mut(&ulid)
    }

    fn add(&mut self, ulid: Ulid, entry: Entry) {
        self.by_ulid.insert(ulid, entry);
    }

    fn reserve_key(&mut self, key: &str, ulid: Ulid) {
        if !self.by_key.contains_key(key) {
            self.by_key.insert(key.into(), ulid);
        }
    }
}
