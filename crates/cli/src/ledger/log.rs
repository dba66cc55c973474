//! `id-ledger log`: what happened, a line an event.

use diagnostic::sanitise;
use ledger::{Event, EventType, Line};

use super::{Source, find, read_sound};
use crate::arguments::LogArguments;
use crate::environment;
use crate::refusal::Refusal;
use crate::run::open;

pub(super) fn run(arguments: &LogArguments) -> Result<String, Refusal> {
    let repository = open(&arguments.place.repo)?;
    let source = Source::open(&repository, arguments.rev.as_deref())?;
    // To show what happened is not to judge it: back-ports are taken as they stand.
    let discipline = ledger::Discipline { back_ports: true, ..ledger::Discipline::default() };
    source.with(|files| {
        let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
        let read = read_sound(files, &discipline, &mut |line: &Line<'_>, _| {
            lines.push((line.number, line.bytes.to_vec()));
        })?;
        let subject = match &arguments.identity {
            Some(name) => Some(
                by_any_key(&lines, name)
                    .map_or_else(|| find(&read.machine, name).map(|(ulid, _)| ulid), Ok)?,
            ),
            None => None,
        };
        let mut told = String::new();
        for (number, bytes) in &lines {
            let Ok(event) = Event::read(bytes) else { continue };
            if subject.is_some() && event.subject != subject {
                continue;
            }
            told += &match arguments.json {
                true => format!("{}\n", String::from_utf8_lossy(bytes)),
                false => show(*number, &event, subject.is_none()),
            };
        }
        if let Some((subject, identity)) =
            subject.filter(|_| !arguments.json).and_then(|ulid| Some((ulid, read.machine.identity(ulid)?)))
        {
            let version =
                identity.version().map(|version| format!(", version {version}")).unwrap_or_default();
            let text = format!(
                "now: {} {subject}, {}{version}, at {}",
                identity.key,
                identity.status.name(),
                identity.path
            );
            told += &format!("{}\n", sanitise::text(&text));
        }
        Ok(told)
    })
}

/// The identity that had a key at any time.
fn by_any_key(lines: &[(u64, Vec<u8>)], key: &str) -> Option<artifact::Ulid> {
    lines.iter().find_map(|(_, bytes)| {
        let event = Event::read(bytes).ok()?;
        let named = ["key", "new_key", "alias"].iter().any(|field| event.text(field).as_deref() == Some(key));
        named.then_some(event.subject)?
    })
}

fn show(number: u64, event: &Event<'_>, with_subject: bool) -> String {
    let subject = event.subject.filter(|_| with_subject).map(|ulid| format!("  {ulid}")).unwrap_or_default();
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
    let text = format!(
        "{:>6}  {time}  {:<11}{subject}  {}  by {} ({src})",
        number + 1,
        event.kind.name(),
        details.join(" "),
        event.by.value(),
    );
    format!("{}\n", sanitise::text(&text))
}
