//! `id-ledger pin`: what was seen last of each log, shown and forgotten.

use diagnostic::sanitise;

use super::pins::{self, Memory};
use crate::arguments::PinCommand;
use crate::error::CommandError;

pub(super) fn run(command: &PinCommand) -> Result<String, CommandError> {
    let show = |origin: &str| match pins::read(Memory::Reader, origin)? {
        None => Err(CommandError::failed_with(
            format!("nothing is pinned of {}", sanitise::text(origin)),
            "id-ledger verify --pin remembers a checkpoint",
        )),
        Some(pin) => {
            let key = pin.key.as_ref().map_or_else(|| "unsigned".into(), tlog::VerifierKey::to_string);
            let checkpoint = &pin.opened.checkpoint;
            Ok(format!(
                "{} {} {}\n{key}\n",
                sanitise::text(&checkpoint.origin),
                checkpoint.size,
                checkpoint.root
            ))
        }
    };
    match command {
        PinCommand::Show { origin } => show(origin),
        PinCommand::Forget { origin } => {
            // One that cannot be read is forgotten all the same.
            let printed = show(origin).unwrap_or_else(|_| format!("{}\n", sanitise::text(origin)));
            match pins::forget(origin)? {
                true => Ok(format!("forgotten: {printed}")),
                false => show(origin),
            }
        }
    }
}
