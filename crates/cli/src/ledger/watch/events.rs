//! Which events of a log matter, and how they are printed.

use std::collections::BTreeSet;

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::{Event, EventType};

use crate::environment;
use crate::ledger::log;

/// The identities that matter; all of them where none is named.
pub(super) struct Filter {
    subjects: BTreeSet<Ulid>,
    /// Keys of which no identity is known yet.
    keys: BTreeSet<String>,
    found: BTreeSet<String>,
    is_of_everything: bool,
    has_keys: bool,
}

impl Filter {
    pub(super) fn new(names: &[String]) -> Filter {
        let subjects: BTreeSet<Ulid> = names.iter().filter_map(|name| Ulid::parse(name).ok()).collect();
        let keys: BTreeSet<String> =
            names.iter().filter(|name| Ulid::parse(name).is_err()).cloned().collect();
        let has_keys = !keys.is_empty();
        Filter { subjects, keys, found: BTreeSet::new(), is_of_everything: names.is_empty(), has_keys }
    }

    /// Returns whether every identity matters.
    pub(super) fn is_of_everything(&self) -> bool {
        self.is_of_everything
    }

    /// Returns whether the lines before are needed, to know which identity has a key.
    pub(super) fn needs_all_lines(&self) -> bool {
        self.has_keys
    }

    /// Returns the names of which the log has no identity.
    pub(super) fn unknown(&self) -> Vec<String> {
        self.keys.difference(&self.found).cloned().collect()
    }

    /// Returns whether a line matters: an event of an identity, one that names it, or a change of the log's key.
    pub(super) fn matches(&mut self, line: &[u8]) -> bool {
        // What cannot be read as an event always matters.
        let Ok(event) = Event::read(line) else { return true };
        if self.is_of_everything || event.kind == EventType::RotateKey {
            return true;
        }
        for name in ["key", "new_key"] {
            let is_identity = matches!(event.kind, EventType::Create | EventType::Rekey);
            let key = event.text(name).filter(|key| is_identity && self.keys.contains(&**key));
            if let (Some(key), Some(subject)) = (key, event.subject) {
                self.found.insert(key.to_string());
                self.subjects.insert(subject);
            }
        }
        let named = event.text("target_ulid").and_then(|text| Ulid::parse(&text).ok());
        [event.subject, named].into_iter().flatten().any(|ulid| self.subjects.contains(&ulid))
    }
}

/// The events to print.
pub(super) struct Events {
    origin: String,
    lines: Vec<(u64, Vec<u8>)>,
}

impl Events {
    pub(super) fn new(origin: &str) -> Events {
        Events { origin: origin.into(), lines: Vec::new() }
    }

    pub(super) fn push(&mut self, number: u64, line: &[u8]) {
        self.lines.push((number, line.to_vec()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line for each event, as of `id-ledger log`.
    pub(super) fn text(&self) -> String {
        let show = |(number, line): &(u64, Vec<u8>)| match Event::read(line) {
            Ok(event) => log::show(*number, &event, None, true),
            Err(problem) => {
                format!("{:>6}  invalid event: {}\n", number + 1, sanitise::text(&problem.message))
            }
        };
        self.lines.iter().map(show).collect()
    }

    /// A JSON object for each event, on a line of its own: the log, the line's number from 1, and the event.
    pub(super) fn json(&self) -> String {
        let show = |(number, line): &(u64, Vec<u8>)| {
            let event = serde_json::from_slice::<serde_json::Value>(line)
                .unwrap_or_else(|_| serde_json::Value::String(String::from_utf8_lossy(line).into_owned()));
            let object =
                serde_json::json!({"event": event, "line": number + 1, "log": self.origin}).to_string();
            let shown = if environment::is_obeyed() { sanitise::text(&object) } else { object };
            format!("{shown}\n")
        };
        self.lines.iter().map(show).collect()
    }
}
