//! `id-ledger log`: what happened, a line an event.

use std::collections::BTreeSet;

use artifact::Ulid;
use diagnostic::{Tone, sanitise};
use ledger::{Event, EventType};

use super::served::ServedFiles;
use super::{Source, find, named, scan_sound};
use crate::arguments::{ColorArgument, LogArguments};
use crate::environment;
use crate::error::CommandError;
use crate::session::open;

pub(super) fn run(arguments: &LogArguments) -> Result<String, CommandError> {
    let repository;
    let source = match &arguments.tiles {
        Some(place) => Source::Served(Box::new(ServedFiles::open_pinned(place, &arguments.served)?)),
        None => {
            repository = open(&arguments.place.repo)?;
            Source::open(&repository, arguments.rev.as_deref())?
        }
    };
    source.with(|files| {
        let name = arguments.identity.as_deref();
        let named = name.map(|name| named(files, name)).transpose()?.flatten();
        let mut printed = String::new();
        // The lines about one identity; those of all are not collected.
        let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
        let read =
            scan_sound(files, &|ulid| Some(ulid) == named, &mut |number, line, _| match (name, named) {
                (Some(_), Some(ulid)) if ledger::mentions(line, ulid) => lines.push((number, line.to_vec())),
                (Some(_), _) => {}
                (None, _) if arguments.json => printed += &unchanged_line(line),
                (None, _) => {
                    printed +=
                        &Event::read(line).map(|event| show(number, &event, None, true)).unwrap_or_default();
                }
            })?;
        let subject = name.map(|name| find(&read.machine, name)).transpose()?.map(|(ulid, _)| ulid);
        let events = lines.iter().filter_map(|(number, line)| Some((*number, line, Event::read(line).ok()?)));
        let events: Vec<_> =
            events.filter(|(.., event)| subject.is_some_and(|subject| concerns(event, subject))).collect();
        // The line of another identity that was merged into this one names it by its key.
        let others: BTreeSet<Ulid> = events.iter().filter_map(|(.., event)| event.subject).collect();
        let others = match others.len() {
            0 | 1 => None,
            _ => Some(ledger::fold(files, read.size(), &|ulid| others.contains(&ulid))?),
        };
        for (number, line, event) in &events {
            printed += &if arguments.json {
                unchanged_line(line)
            } else {
                let other = event.subject.filter(|ulid| Some(*ulid) != subject);
                let other = other.and_then(|ulid| others.as_ref()?.identity(ulid));
                show(*number, event, other.map(|other| other.key.to_string()), false)
            };
        }
        if let Some((subject, identity)) =
            subject.filter(|_| !arguments.json).and_then(|ulid| Some((ulid, read.machine.identity(ulid)?)))
        {
            let version =
                identity.version().map(|version| format!(", version {version}")).unwrap_or_default();
            let last = identity.versions.last();
            let yanked = if last.is_some_and(|(.., yanked)| yanked.is_some()) { " (yanked)" } else { "" };
            let owner = identity.owner.as_ref().map(|owner| format!(", of {owner}")).unwrap_or_default();
            let text = format!(
                "now: {} {subject}, {}{version}{yanked}, at {}{owner}",
                identity.key,
                identity.status.name(),
                identity.path
            );
            printed += &format!("{}\n", sanitise::text(&text));
        }
        Ok(printed)
    })
}

/// Returns whether an event is about an identity: its own, or a consolidation that names it as the target or as a source.
fn concerns(event: &Event<'_>, subject: Ulid) -> bool {
    let is_it = |text: &str| Ulid::parse(text).is_ok_and(|ulid| ulid == subject);
    let names_it = || {
        event.text("target_ulid").is_some_and(|target| is_it(&target))
            || event.list("sources").iter().any(|source| is_it(source))
    };
    event.subject == Some(subject) || event.kind == EventType::Consolidate && names_it()
}

/// Programs get the bytes, a terminal nothing that it would obey.
fn unchanged_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match environment::is_obeyed() {
        true => format!("{}\n", sanitise::text(&text)),
        false => format!("{text}\n"),
    }
}

/// A line for an event, with its identity where it is not clear.
pub(super) fn show(number: u64, event: &Event<'_>, other: Option<String>, with_subject: bool) -> String {
    let shows_subject = with_subject || other.is_some();
    let key = other.map(|key| format!("  {key}")).unwrap_or_default();
    let subject = event.subject.filter(|_| shows_subject);
    let subject = subject.map(|ulid| format!("{key}  {ulid}")).unwrap_or_default();
    let long = |name: &str, value: &str| match name {
        // Digests are for programs; --json shows them.
        "sha256" | "tree" | "root" | "new_signature" | "old_signature" => None,
        _ if event.kind == EventType::Genesis && name == "keys" && value.is_empty() => None,
        _ => Some(format!("{name}={value}")),
    };
    let details: Vec<String> = event.details().iter().filter_map(|(name, value)| long(name, value)).collect();
    let src = match event.src {
        Some(src) => src[..7].to_string(),
        None if event.kind.is_of_log() => "the log itself".into(),
        None => "by hand".into(),
    };
    let time = environment::time_of(u64::try_from(event.time).unwrap_or_default() * 1000);
    let look = environment::look(ColorArgument::Auto);
    let kind = look.paint(Tone::Strong, &format!("{:<11}", event.kind.name()));
    let by = look.paint(Tone::Faint, &sanitise::text(&format!("by {} ({src})", event.by.value())));
    let text = sanitise::text(&format!("{subject}  {}", details.join(" ")));
    format!("{:>6}  {time}  {kind}{text}  {by}\n", number + 1)
}
