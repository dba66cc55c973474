//! Pins: the checkpoint of each log that this user saw last. A log never goes back behind it.

use std::path::{Path, PathBuf};

use tlog::{Opened, VerifierKey};

use crate::environment;
use crate::error::CommandError;

/// The largest pin.
const MAX_PIN_BYTES: u64 = 1_100_000;

/// What was seen last of a log.
pub(super) struct Pin {
    /// The key that signed it, where one did.
    pub(super) key: Option<VerifierKey>,
    /// The checkpoint.
    pub(super) opened: Opened,
    /// The file as it was read.
    bytes: Vec<u8>,
}

/// Whose memory it is: a reader's, or that of a witness on the same machine.
#[derive(Clone, Copy)]
pub(super) enum Memory<'k> {
    /// The reader's own.
    Reader,
    /// A witness's, by its key, in a directory of its own where one is given.
    Witness(&'k VerifierKey, Option<&'k Path>),
}

/// Where pins are kept.
pub(super) fn folder(memory: Memory<'_>) -> Result<PathBuf, CommandError> {
    let directory = || {
        environment::config_directory()
            .ok_or_else(|| CommandError::failed_with("no directory for pins", "set HOME or XDG_CONFIG_HOME"))
    };
    let of_key = |key: &VerifierKey| ledger::sha256(key.to_string().as_bytes()).hex()[..32].to_string();
    Ok(match memory {
        Memory::Reader => directory()?.join("pins"),
        Memory::Witness(key, Some(state)) => state.join(of_key(key)),
        Memory::Witness(key, None) => directory()?.join("witness").join(of_key(key)),
    })
}

impl Pin {
    /// The checkpoint as it was signed.
    pub(super) fn note(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split_once('\n').map(|(_, note)| note.to_string()).unwrap_or_default()
    }
}

fn file(memory: Memory<'_>, origin: &str) -> Result<PathBuf, CommandError> {
    Ok(folder(memory)?.join(&ledger::sha256(origin.as_bytes()).hex()[..32]))
}

/// Reads the pin of a log.
pub(super) fn read(memory: Memory<'_>, origin: &str) -> Result<Option<Pin>, CommandError> {
    let Ok(file) = file(memory, origin) else { return Ok(None) };
    let Some(bytes) = repo::disk::read(&file, MAX_PIN_BYTES)? else { return Ok(None) };
    let damaged = || {
        CommandError::failed_with(
            format!("the pin {} cannot be read", file.display()),
            "look at it, and remove it if it is not yours",
        )
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
    let (key, note) = text.split_once('\n').ok_or_else(damaged)?;
    let key = match key {
        "unsigned" => None,
        key => Some(VerifierKey::parse(key).map_err(|_| damaged())?),
    };
    let opened = tlog::open(note.as_bytes()).map_err(|_| damaged())?;
    match opened.checkpoint.origin == origin {
        true => Ok(Some(Pin { key, opened, bytes })),
        false => Err(damaged()),
    }
}

/// Moves a pin forward, to a checkpoint that was shown to continue it. Returns a line about it.
pub(super) fn advance(
    memory: Memory<'_>,
    pin: Option<&Pin>,
    opened: &Opened,
    key: Option<&VerifierKey>,
    note: &[u8],
) -> Result<String, CommandError> {
    let checkpoint = &opened.checkpoint;
    if pin.is_some_and(|pin| {
        pin.opened.checkpoint.size >= checkpoint.size && pin.opened.checkpoint == *checkpoint
    }) {
        return Ok(format!("pinned at {} lines", checkpoint.size));
    }
    let file = file(memory, &checkpoint.origin)?;
    let key = key.map_or_else(|| "unsigned".into(), VerifierKey::to_string);
    let bytes = [key.as_bytes(), b"\n", note].concat();
    let directory = file.parent().map(PathBuf::from).unwrap_or_default();
    repo::disk::make_directory(&directory)?;
    // Compare and swap: the verified pin must still be the stored one.
    let _turn = repo::disk::lock(&file.with_extension("lock"))?;
    let current = repo::disk::read(&file, MAX_PIN_BYTES)?;
    if current.as_deref() != pin.map(|pin| pin.bytes.as_slice()) {
        return Err(CommandError::failed_with("another process moved the pin", "verify again"));
    }
    repo::disk::write(&file, &bytes)?;
    // A cosignature that is handed out must not be forgotten in a crash.
    repo::Folder::open(&directory)?.sync()?;
    Ok(match pin {
        None => format!("pinned at {} lines", checkpoint.size),
        Some(pin) => format!("pin moved from {} to {} lines", pin.opened.checkpoint.size, checkpoint.size),
    })
}

/// Forgets the pin of a log.
pub(super) fn forget(origin: &str) -> Result<bool, CommandError> {
    let file = file(Memory::Reader, origin)?;
    let there = file.symlink_metadata().is_ok();
    if there {
        repo::disk::remove(&file)?;
    }
    Ok(there)
}
