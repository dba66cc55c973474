//! What was done to identities, in words for people.

use diagnostic::sanitise;
use ledger::{Batch, Event, EventType};
use registry::Registry as Opened;

use crate::registry::counted_identities;

/// What happens to identities, a line an event; how many there are, where the registry begins.
pub(super) fn words(batch: &Batch, old: Option<&[u8]>, new: &[u8]) -> String {
    let Some(old) = old else {
        let count = Opened::open(new).map(|new| new.entries().count()).unwrap_or_default();
        return format!("the registry begins with {}\n", counted_identities(count));
    };
    let same_sources = |a: &[u8], b: &[u8]| {
        let sources = |bytes| Opened::open(bytes).and_then(|registry| registry.sources()).ok();
        sources(a).is_some() && sources(a) == sources(b)
    };
    let mut printed = String::new();
    if old != new && (same_sources(old, new) || Opened::read(old).is_err()) {
        printed += "the registry was edited by hand and is regenerated\n";
    }
    for line in &batch.lines {
        let Ok(event) = Event::read(line.as_bytes()) else { continue };
        let Some(subject) = event.subject else { continue };
        let key =
            batch.read.machine.identity(subject).map(|identity| identity.key.to_string()).unwrap_or_default();
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned();
        let what = match event.kind {
            EventType::Create => format!("was minted: a {} at {}", text("kind"), text("path")),
            EventType::Rekey => format!("was {} before", text("old_key")),
            EventType::AliasAdd => format!("is also called {}", text("alias")),
            EventType::Move => format!("moved from {} to {}", text("from"), text("to")),
            EventType::Transfer => format!("was transferred to {}", text("to")),
            EventType::Publish => format!("published {}", text("version")),
            EventType::Yank => format!("{} was yanked: {}", text("version"), text("reason")),
            EventType::Deprecate => "was deprecated".into(),
            EventType::Consolidate => format!("went into {}", text("target_ulid")),
            EventType::Retire => "was retired".into(),
            EventType::Waive => format!("{} was waived until {}", text("code"), text("until")),
            EventType::Genesis | EventType::RotateKey | EventType::Seal => continue,
        };
        printed += &(sanitise::text(&format!("{key} {what}")) + "\n");
    }
    printed
}
