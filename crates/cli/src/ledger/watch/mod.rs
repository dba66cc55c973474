//! `id-ledger watch`: follows a log that others serve, and notices when it does not continue what was seen.

mod events;
mod evidence;
mod notify;
mod progress;

use std::time::Duration;

use diagnostic::sanitise;
use tlog::{TrustError, VerifierKey};

use super::pins::{self, Memory, Pin};
use super::served::{Served, ServedCheckpoint};
use super::trust;
use crate::arguments::WatchArguments;
use crate::error::{CommandError, ErrorKind};
use crate::output::{advise, inform, print, warn};
use events::Filter;
use progress::Progress;

pub(super) fn run(arguments: &WatchArguments) -> Result<String, CommandError> {
    let served = Served::open(&arguments.log, &arguments.served)?;
    let Some(seconds) = arguments.every else { return round(arguments, &served) };
    loop {
        match round(arguments, &served) {
            Ok(printed) => {
                let _ = print(&printed);
            }
            // A server that cannot be reached is asked again; a fork is the end.
            Err(error) if error.kind == ErrorKind::Failed => {
                warn(error.message());
                error.help().into_iter().for_each(advise);
            }
            Err(error) => return Err(error),
        }
        std::thread::sleep(Duration::from_secs(seconds));
    }
}

/// Looks once; returns the events to print.
fn round(arguments: &WatchArguments, served: &Served) -> Result<String, CommandError> {
    let current = served.checkpoint()?;
    let checkpoint = &current.opened.checkpoint;
    let pin = pins::read(Memory::Reader, &checkpoint.origin)?;
    let key = verify_signatures(arguments, &current, pin.as_ref())?;
    let mut filter = Filter::new(&arguments.identity);
    let progress = Progress { served, current: &current, pin: pin.as_ref() };
    let events = progress.verify(&mut filter).map_err(|problem| problem.report(arguments, &progress))?;
    filter
        .unknown()
        .iter()
        .for_each(|name| warn(&format!("the log has no identity {}", sanitise::text(name))));
    if let (Some(program), false) = (&arguments.run, events.is_empty()) {
        notify::run(program, &events.json())?;
    }
    let before = pin.as_ref().map(|pin| pin.opened.checkpoint.size);
    let mut summary = match before {
        None => format!(
            "{}: {} lines, seen for the first time",
            sanitise::text(&checkpoint.origin),
            checkpoint.size
        ),
        Some(before) if before == checkpoint.size => {
            format!("{}: {before} lines, nothing new", sanitise::text(&checkpoint.origin))
        }
        Some(before) => {
            format!(
                "{}: {before} → {} lines, consistent",
                sanitise::text(&checkpoint.origin),
                checkpoint.size
            )
        }
    };
    if arguments.pin {
        let moved = pins::advance(
            Memory::Reader,
            pin.as_ref(),
            &current.opened,
            key.as_ref(),
            current.note.as_bytes(),
        )?;
        summary += &format!("; {moved}");
    }
    inform(&summary);
    Ok(if arguments.json { events.json() } else { events.text() })
}

/// Verifies that a trusted key of the log, and enough witnesses, signed the checkpoint. Returns the log's key.
fn verify_signatures(
    arguments: &WatchArguments,
    current: &ServedCheckpoint,
    pin: Option<&Pin>,
) -> Result<Option<VerifierKey>, CommandError> {
    let by_pin = || pin.and_then(|pin| pin.key.clone()).map(tlog::Trust::log);
    let believed = trust(arguments.key.as_deref(), arguments.trust.as_deref())?.or_else(by_pin);
    let believed = believed.ok_or_else(|| {
        CommandError::failed_with(
            "it is not known whom to trust",
            "pass the log's key with the option --key, or a policy with --trust",
        )
    })?;
    believed.verify(&current.opened).map_err(|error| {
        let help = match error {
            TrustError::Log { .. } => "if the log replaced its key, pass the new one with the option --key",
            _ => "keep the checkpoint; ask those who run the log",
        };
        CommandError::refused(error.to_string(), help)
    })?;
    let note = current.opened.note.as_ref();
    let signers = note.and_then(|note| note.signers(&believed.logs).ok()).unwrap_or_default();
    Ok(signers.first().map(|key| (*key).clone()))
}
