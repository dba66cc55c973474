//! From lines to entries: what each event makes of its identity. A whole ledger, or what came since, is folded by the same code.

use std::collections::BTreeMap;

use artifact::Ulid;
use ledger::{Event, EventType};

use super::Entry;

/// Where the entries are that events change.
pub(super) trait Book {
    /// Returns an entry to change; `None` where there is none.
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry>;
    /// Takes up a new entry.
    fn begin(&mut self, ulid: Ulid, entry: Entry);
    /// Notes that an identity has a key.
    fn hold(&mut self, key: &str, ulid: Ulid);
}

/// Changes what an event changes; `false` where it speaks of an identity that nothing created.
pub(super) fn fold(book: &mut dyn Book, event: &Event<'_>) -> bool {
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
        book.hold(&entry.key, ulid);
        book.begin(ulid, entry);
        return true;
    }
    let Some(entry) = book.entry(ulid) else { return false };
    match event.kind {
        EventType::Rekey => {
            entry.key = must("new_key");
            let key = entry.key.clone();
            book.hold(&key, ulid);
        }
        EventType::AliasAdd => {
            let alias = must("alias");
            entry.aliases.push(alias.clone());
            book.hold(&alias, ulid);
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

/// Every entry and key in memory.
#[derive(Default)]
pub(super) struct Whole {
    pub(super) by_ulid: BTreeMap<Ulid, Entry>,
    pub(super) by_key: BTreeMap<String, Ulid>,
}

impl Book for Whole {
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry> {
        self.by_ulid.get_mut(&ulid)
    }

    fn begin(&mut self, ulid: Ulid, entry: Entry) {
        self.by_ulid.insert(ulid, entry);
    }

    fn hold(&mut self, key: &str, ulid: Ulid) {
        if !self.by_key.contains_key(key) {
            self.by_key.insert(key.into(), ulid);
        }
    }
}
