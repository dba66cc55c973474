//! `id-ledger prove`: a line, or a sealed state, for readers who have no ledger.

use super::served::{Served, ServedFiles};
use super::streams::{from_lines, from_tiles};
use super::{Place, Source};
use crate::arguments::ProveArguments;
use crate::error::CommandError;

pub(super) fn run(arguments: &ProveArguments) -> Result<String, CommandError> {
    let proof = match &arguments.tiles {
        Some(place) if arguments.line.is_some() => {
            from_tiles(&Served::open(place, &arguments.served)?, arguments)?.to_string()
        }
        Some(place) => from_lines(&ServedFiles::open_pinned(place, &arguments.served)?, arguments)?,
        None => {
            let place = Place::open(&arguments.place.repo)?;
            Source::open(&place.repository, None)?.with(|files| from_lines(files, arguments))?
        }
    };
    match &arguments.out {
        None => Ok(proof),
        Some(path) => {
            repo::disk::write(path, proof.as_bytes())?;
            Ok(format!("wrote {}\n", path.display()))
        }
    }
}
