//! `id-ledger checkpoint cosign --witness`: collects the cosignatures of witnesses on the network.

use diagnostic::sanitise;
use ledger::files::{FOLDER, Files, TRUST};
use tlog::{Tree, Trust, TrustError};

use super::witnesses::{self, with_cosignatures};
use super::{MAX_TEXT_BYTES, Source, read_sound, text, trust};
use crate::arguments::CosignArguments;
use crate::error::CommandError;
use crate::output::{inform, warn};
use crate::session::open;

pub(super) fn run(arguments: &CosignArguments) -> Result<String, CommandError> {
    let note = text(&arguments.checkpoint)?;
    let invalid = |error| CommandError::refused(format!("{}: {error}", arguments.checkpoint.display()), "");
    let checkpoint = tlog::open(note.as_bytes()).map_err(invalid)?;
    let repository = open(&arguments.place.repo)?;
    Source::open(&repository, None)?.with(|files| {
        let given = trust(None, arguments.trust.as_deref())?;
        let trust = given.map_or_else(|| own_policy(files), Ok)?;
        let mut tree = Tree::default();
        read_sound(files, &mut |line, _| tree.push(line.leaf))?;
        let new = &checkpoint.checkpoint;
        if tree.root_at(new.size) != Some(new.root) {
            return Err(CommandError::refused(
                format!(
                    "{} is not a checkpoint of this ledger: it has {} lines, and another root at {}",
                    arguments.checkpoint.display(),
                    tree.size(),
                    new.size
                ),
                "pass the checkpoint of the ledger in this repository, or name another one with the option --repo",
            ));
        }
        let mut asked = witnesses::select(&trust, &arguments.witness)?;
        asked.retain(|witness| !witness.has_signed(&checkpoint));
        let answers = witnesses::ask(arguments.ca.as_deref(), &asked, &checkpoint, None, &tree)?;
        let cosigned = with_cosignatures(&note, &answers);
        let mut missing = 0;
        for answer in &answers {
            let name = sanitise::text(&answer.name);
            match &answer.cosignature {
                Ok(_) => inform(&format!("cosigned by {name}: {} lines", new.size)),
                Err(why) => {
                    missing += 1;
                    warn(&format!("witness {name}: {why}"));
                }
            }
        }
        let opened = tlog::open(cosigned.as_bytes()).map_err(invalid)?;
        let reached = trust.verify(&opened);
        let printed = match &arguments.out {
            None => cosigned,
            Some(path) => {
                repo::disk::write(path, cosigned.as_bytes())?;
                format!("wrote {}\n", path.display())
            }
        };
        match reached {
            // The log's own signature is verified by the witnesses and by readers.
            Err(error @ TrustError::Quorum { .. }) => Err(refused(&error.to_string(), arguments)),
            _ if missing > 0 && !trust.requires_witnesses() => {
                Err(refused("a witness did not cosign", arguments))
            }
            _ => Ok(printed),
        }
    })
}

fn refused(message: &str, arguments: &CosignArguments) -> CommandError {
    let kept = match &arguments.out {
        Some(path) => format!("{} has the cosignatures that were given; run it again", path.display()),
        None => "run it again; with the option --out, the cosignatures that were given are kept".into(),
    };
    CommandError::refused(message, kept)
}

/// The trust policy of the repository.
fn own_policy(files: &dyn Files) -> Result<Trust, CommandError> {
    let bytes = files.read(TRUST, MAX_TEXT_BYTES)?.ok_or_else(|| {
        CommandError::failed_with(
            format!("{FOLDER}/{TRUST} is missing: no cosignature could be verified"),
            "pass a trust policy (C2SP tlog-policy) with the option --trust",
        )
    })?;
    Trust::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|error| CommandError::failed(format!("{FOLDER}/{TRUST}: {error}")))
}
