//! `id-ledger checkpoint`: shown, proved, verified without the ledger, and vouched for.

use diagnostic::sanitise;
use tlog::{
    Algorithm, Checkpoint, ConsistencyProof, Hash, Opened, Tree, Trust, VerifierKey, verify_consistency,
};

use super::{Place, Source, collect, pins, private_key, read_sound, signing_key, text, trust};
use crate::arguments::{
    CheckpointCommand, CheckpointProveArguments, CheckpointVerifyArguments, CosignArguments, RenewArguments,
};
use crate::environment;
use crate::error::CommandError;
use crate::output::inform;
use crate::session::open;

pub(super) fn run(command: &CheckpointCommand) -> Result<String, CommandError> {
    match command {
        CheckpointCommand::Show(place) => {
            let repository = open(&place.repo)?;
            Source::open(&repository, None)?.with(|files| {
                let bytes = ledger::files::checkpoint(files)?;
                let bytes = bytes.ok_or_else(|| CommandError::failed("no checkpoint found"))?;
                // Anything else than a checkpoint could contain terminal escapes.
                tlog::open(&bytes).map_err(|error| CommandError::failed(error.to_string()))?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let shown = |line: &str| format!("{}\n", sanitise::text(line));
                Ok(if environment::is_obeyed() { text.lines().map(shown).collect() } else { text })
            })
        }
        CheckpointCommand::Root(place) => {
            let repository = open(&place.repo)?;
            Source::open(&repository, None)?.with(|files| {
                let frontier = ledger::frontier(files)?;
                Ok(format!("{} {}\n", frontier.size(), frontier.root()))
            })
        }
        CheckpointCommand::Prove(arguments) => prove(arguments),
        CheckpointCommand::Verify(arguments) => verify(arguments),
        CheckpointCommand::Cosign(arguments) if !arguments.witness.is_empty() => collect::run(arguments),
        CheckpointCommand::Cosign(arguments) => cosign(arguments),
        CheckpointCommand::Renew(arguments) => renew(arguments),
    }
}

fn opened(path: &std::path::Path) -> Result<(String, Opened), CommandError> {
    let text = text(path)?;
    let opened = tlog::open(text.as_bytes());
    let opened = opened
        .map_err(|error| CommandError::refused(format!("{}: {error}", path.display()), String::new()))?;
    Ok((text, opened))
}

fn prove(arguments: &CheckpointProveArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let (size, root) = match arguments.since.parse::<u64>() {
        Ok(size) => (size, None),
        Err(_) => {
            let (_, opened) = opened(std::path::Path::new(&arguments.since))?;
            (opened.checkpoint.size, Some(opened.checkpoint.root))
        }
    };
    Source::open(&place.repository, None)?.with(|files| {
        let mut tree = Tree::default();
        let read = read_sound(files, &mut |line, _| tree.push(line.leaf))?;
        if root.is_some_and(|root| tree.root_at(size) != Some(root)) {
            return Err(CommandError::refused(
                format!(
                    "this ledger does not continue {}: they have other lines, or it was rolled back",
                    arguments.since
                ),
                "keep both checkpoints: they prove that the log was forked (split view)",
            ));
        }
        let proof = tree.prove_consistency(size, read.size());
        let proof =
            proof.ok_or_else(|| CommandError::failed(format!("the ledger has {} lines", read.size())))?;
        Ok(proof.to_string())
    })
}

fn verify(arguments: &CheckpointVerifyArguments) -> Result<String, CommandError> {
    let trust = trust(arguments.key.as_deref(), arguments.trust.as_deref())?.ok_or_else(|| {
        CommandError::failed_with("it is not known whom to trust", "pass the log's key with the option --key")
    })?;
    let (_, old) = opened(&arguments.old)?;
    let (note, new) = opened(&arguments.new)?;
    check_continuation(&trust, &old, &new, &text(&arguments.proof)?)?;
    let mut printed = format!(
        "{}: {} lines continue {}\n",
        sanitise::text(&new.checkpoint.origin),
        new.checkpoint.size,
        old.checkpoint.size
    );
    // A pin moves only where the proof begins at what was pinned.
    if let Some(pin) = pins::read(pins::Memory::Reader, &new.checkpoint.origin)?
        .filter(|pin| pin.opened.checkpoint == old.checkpoint)
    {
        printed += &format!(
            "{}\n",
            pins::advance(pins::Memory::Reader, Some(&pin), &new, pin.key.as_ref(), note.as_bytes())?
        );
    }
    Ok(printed)
}

/// Both checkpoints are believed, and the later one continues the earlier one.
fn check_continuation(trust: &Trust, old: &Opened, new: &Opened, proof: &str) -> Result<(), CommandError> {
    let refuse = |message: String| {
        CommandError::refused(
            message,
            "if both are of this log and the proof is of these two, keep all three: they are the evidence",
        )
    };
    for opened in [old, new] {
        trust.verify(opened).map_err(|error| refuse(error.to_string()))?;
    }
    let (old, new) = (&old.checkpoint, &new.checkpoint);
    if old.origin != new.origin {
        return Err(refuse(format!("one is of {}, the other of {}", old.origin, new.origin)));
    }
    let proof =
        ConsistencyProof::parse(proof).ok_or_else(|| refuse("the proof is not a hash a line".into()))?;
    if old.size == 0 && old.root == Hash::empty() && proof.path.is_empty() {
        // Every log begins with nothing.
        return Ok(());
    }
    verify_consistency(&proof, old.size, &old.root, new.size, &new.root).map_err(|error| {
        refuse(format!("{} lines are not shown to continue {}: {error}", new.size, old.size))
    })
}

/// What a witness does (C2SP tlog-witness): it vouches only for what continues what it vouched for before.
fn cosign(arguments: &CosignArguments) -> Result<String, CommandError> {
    // The command line requires both where no witness on the network is named.
    let (Some(key), Some(file)) = (&arguments.key, &arguments.key_file) else {
        return Err(CommandError::failed("pass the log's key with --key, and the witness's with --key-file"));
    };
    let key = VerifierKey::parse(key).map_err(|error| CommandError::failed(format!("--key: {error}")))?;
    let witness = private_key(file)?;
    if witness.verifier().algorithm() != Algorithm::Cosignature {
        return Err(CommandError::failed_with(
            "this is not a witness's key",
            "generate one: id-ledger key generate example.org/witness --witness --out witness.key",
        ));
    }
    let (note, new) = opened(&arguments.checkpoint)?;
    let trust = Trust::log(key.clone());
    trust.verify(&new).map_err(|error| CommandError::refused(error.to_string(), String::new()))?;
    let memory = pins::Memory::Witness(witness.verifier(), state_of(arguments)?);
    let pin = pins::read(memory, &new.checkpoint.origin)?;
    match &pin {
        Some(pin) => check_progress(arguments, &trust, &pin.opened, &new)?,
        None => check_first(arguments, &new)?,
    }
    let sizes = sizes(pin.as_ref().map(|pin| pin.opened.checkpoint.size), &new);
    let own = [witness.verifier().clone()];
    if new.note.as_ref().is_some_and(|note| note.signers(&own).is_ok_and(|signers| !signers.is_empty())) {
        // The memory moves all the same: this witness vouched for it.
        pins::advance(memory, pin.as_ref(), &new, Some(&key), note.as_bytes())?;
        return written(arguments, note, &sizes);
    }
    let time = u64::try_from(environment::now()).unwrap_or_default();
    let cosigned = format!("{note}{}", witness.sign(&new.checkpoint.text(), time));
    tlog::Note::parse(cosigned.as_bytes())
        .map_err(|error| CommandError::refused(error.to_string(), String::new()))?;
    pins::advance(memory, pin.as_ref(), &new, Some(&key), note.as_bytes())?;
    written(arguments, cosigned, &sizes)
}

/// Returns the directory of the witness's memory. In CI the home directory does not outlive the job, so it must be named there.
fn state_of(arguments: &CosignArguments) -> Result<Option<&std::path::Path>, CommandError> {
    let state = arguments.state.as_deref();
    let why = if environment::config_directory().is_none() {
        "this witness has no directory to remember checkpoints in"
    } else if environment::variable("CI").is_some_and(|value| value != "false") {
        "in CI, a witness needs a directory that outlives the job to remember checkpoints in"
    } else {
        return Ok(state);
    };
    let needed = || CommandError::failed_with(why, "name one: --state /var/lib/id-guard-witness");
    state.map(Some).ok_or_else(needed)
}

/// Refuses the first checkpoint of a log unless it is declared to be the first: a witness that lost its memory would vouch for a fork.
fn check_first(arguments: &CosignArguments, new: &Opened) -> Result<(), CommandError> {
    if arguments.first {
        return Ok(());
    }
    let Checkpoint { origin, size, .. } = &new.checkpoint;
    Err(CommandError::refused(
        format!("first checkpoint of {} for this witness: 0 → {size} lines", sanitise::text(origin)),
        "if it never cosigned this log, pass --first; else restore its memory, or name it with --state",
    ))
}

/// Checks that a checkpoint continues the one that this witness vouched for before.
fn check_progress(
    arguments: &CosignArguments,
    trust: &Trust,
    old: &Opened,
    new: &Opened,
) -> Result<(), CommandError> {
    let (before, now) = (&old.checkpoint, &new.checkpoint);
    if before == now {
        // It vouched for this very one: nothing is to be shown.
        return Ok(());
    }
    if now.size < before.size {
        return Err(CommandError::refused(
            format!(
                "this witness vouched for {} lines before, and this is an older checkpoint, of {}",
                before.size, now.size
            ),
            "give it the log's latest checkpoint",
        ));
    }
    if now.size == before.size {
        return Err(CommandError::refused(
            format!(
                "the log was forked (split view): this witness vouched for {} lines with the root {}, and this checkpoint has the root {}",
                before.size, before.root, now.root
            ),
            "keep both checkpoints: they are the evidence",
        ));
    }
    match arguments.proof.as_deref().map(text).transpose()? {
        Some(proof) => check_continuation(trust, old, new, &proof),
        None => Err(CommandError::refused(
            format!(
                "this witness vouched for {} lines before, and nothing shows that these {} continue them",
                before.size, now.size
            ),
            format!(
                "write the proof: id-ledger checkpoint prove --since {} > consistency.proof; then pass --proof consistency.proof",
                before.size
            ),
        )),
    }
}

/// Describes what a cosignature moves: from which size to which.
fn sizes(old: Option<u64>, new: &Opened) -> String {
    let Checkpoint { origin, size, .. } = &new.checkpoint;
    let origin = sanitise::text(origin);
    match old {
        None => format!("cosigned {origin}: 0 → {size} lines, the first checkpoint for this witness"),
        Some(old) => format!("cosigned {origin}: {old} → {size} lines"),
    }
}

/// Prints the cosigned checkpoint, or writes it where it is wanted: perhaps over the file that it was read from.
fn written(arguments: &CosignArguments, cosigned: String, sizes: &str) -> Result<String, CommandError> {
    match &arguments.out {
        None => {
            inform(sizes);
            Ok(cosigned)
        }
        Some(path) => {
            repo::disk::write(path, cosigned.as_bytes())?;
            Ok(format!("{sizes}\nwrote {}\n", path.display()))
        }
    }
}

fn renew(arguments: &RenewArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let policy = place.policy()?;
    if policy.ledger.mode != policy::LedgerMode::InChange {
        return Err(CommandError::failed_with(
            "only where changes bring their own lines is a checkpoint made for lines that it does not cover",
            "restore the ledger and its checkpoint together: git checkout HEAD -- .ledger",
        ));
    }
    let key = signing_key(&arguments.signing)?;
    let lock = place.repository.common_dir().join("id-guard-ledger.lock");
    let checkpoint = ledger::renew(&place.folder(), &lock, key.as_ref())?;
    Ok(format!(
        "checkpoint {} {} {}\nnext: git add .ledger\n",
        sanitise::text(&checkpoint.origin),
        checkpoint.size,
        checkpoint.root
    ))
}
