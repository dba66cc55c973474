//! `id-ledger key`: made, shown, and put in one another's place.

use ledger::files::FOLDER;
use ledger::{Batch, Discipline, Draft, EventType, Json, Log, rotation};
use tlog::{Algorithm, Hash, SigningKey};

use super::{Payload, Place, attestation, private_key, signing_key, subject_line, without_attestation};
use crate::arguments::{KeyCommand, KeyGenerateArguments, KeyRotateArguments};
use crate::environment;
use crate::error::CommandError;
use crate::output::print;

pub(super) fn run(command: &KeyCommand) -> Result<String, CommandError> {
    match command {
        KeyCommand::Generate(arguments) => generate(arguments),
        KeyCommand::Show(arguments) => Ok(format!("{}\n", private_key(&arguments.file)?.verifier())),
        KeyCommand::Rotate(arguments) => rotate(arguments),
    }
}

fn generate(arguments: &KeyGenerateArguments) -> Result<String, CommandError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| CommandError::failed(format!("the system gives no random bytes: {error}")))?;
    let algorithm = if arguments.witness { Algorithm::Cosignature } else { Algorithm::Ed25519 };
    let key = SigningKey::from_seed(&arguments.name, algorithm, &seed)
        .map_err(|error| CommandError::failed(error.to_string()))?;
    repo::disk::create_private(&arguments.out, format!("{}\n", key.secret()).as_bytes())?;
    Ok(format!("wrote {} (keep it out of the repository)\n{}\n", arguments.out.display(), key.verifier()))
}

fn rotate(arguments: &KeyRotateArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let policy = place.policy()?;
    place.has_ledger()?;
    let discipline = engine::discipline(&policy);
    let new = private_key(&arguments.new_key_file)?;
    if arguments.dry_run {
        return preview(&place, &new, &discipline, arguments);
    }
    let mut writer = place.writer(&discipline)?;
    let log = log_of(&writer.batch)?;
    let old = old_key(&log, arguments)?;
    let draft = rotation_draft(&place, &writer.batch, &new, old.as_ref(), &discipline, arguments)?;
    writer.batch.append(&draft).map_err(|refusal| CommandError::refused(refusal.message, String::new()))?;
    // Both vouch for the checkpoint at which the one takes the other's place.
    let keys: Vec<&SigningKey> = std::iter::once(&new).chain(old.as_ref()).collect();
    let checkpoint = place.commit(writer, &log.origin, &keys)?;
    Ok(format!(
        "{} is signed by {} from line {} on\nnext: git add {FOLDER} && git commit -m \"rotate the log's key\"\n",
        log.origin,
        new.verifier(),
        checkpoint.size
    ))
}

/// Prints what an attestation of the rotation must name, and the line if the current key is at hand to sign it.
fn preview(
    place: &Place,
    new: &SigningKey,
    discipline: &Discipline,
    arguments: &KeyRotateArguments,
) -> Result<String, CommandError> {
    let mut batch = place.batch(discipline)?;
    let log = log_of(&batch)?;
    let event = event_digest(&log, new, arguments);
    let old = match old_key(&log, arguments) {
        Ok(old) => old,
        Err(missing) => {
            return Ok(format!("{}not signed: {missing}\n", subject_line(&event)));
        }
    };
    let appended =
        rotation_draft(place, &batch, new, old.as_ref(), discipline, arguments).and_then(|draft| {
            // The digest must be known before there can be an attestation.
            batch.read.machine.discipline.attested.clear();
            let refused = |refusal: ledger::Refusal| CommandError::refused(refusal.message, String::new());
            batch.append(&draft).map_err(refused)
        });
    if let Err(error) = appended {
        print(&subject_line(&event));
        return Err(error);
    }
    let required = without_attestation(
        (EventType::RotateKey, &event),
        arguments.att.as_ref().map(|_| &event),
        discipline,
        true,
    )?;
    Ok(format!("would append {}\n{required}", batch.lines.join("\n")))
}

fn log_of(batch: &Batch) -> Result<Log, CommandError> {
    batch.read.machine.log().cloned().ok_or_else(|| {
        CommandError::failed_with(
            "no ledger found",
            "start a signed one: id-ledger record, with the option --key-file",
        )
    })
}

/// Returns the current key of the log, which must be at hand.
fn old_key(log: &Log, arguments: &KeyRotateArguments) -> Result<Option<SigningKey>, CommandError> {
    let Some(key) = &log.key else { return Ok(None) };
    let signing = signing_key(&arguments.signing)?.filter(|signing| signing.verifier() == key);
    let missing = || {
        CommandError::failed_with(
            format!("missing signing key: the log is signed by {key}"),
            "pass its file with the option --key-file",
        )
    };
    signing.map(Some).ok_or_else(missing)
}

/// Returns the payload of the rotation, without signatures.
fn payload(log: &Log, new: &SigningKey, arguments: &KeyRotateArguments) -> Payload {
    let mut payload: Payload = vec![("new_key", Json::text(new.verifier().to_string()))];
    payload.extend(log.key.as_ref().map(|old| ("old_key", Json::text(old.to_string()))));
    payload.extend(arguments.reason.as_ref().map(|reason| ("reason", Json::text(reason.as_str()))));
    payload
}

/// Returns what an attestation of the rotation must name.
fn event_digest(log: &Log, new: &SigningKey, arguments: &KeyRotateArguments) -> Hash {
    ledger::attestation::subject(EventType::RotateKey, None, &payload(log, new, arguments))
}

/// Returns the event, signed by both keys.
fn rotation_draft(
    place: &Place,
    batch: &Batch,
    new: &SigningKey,
    old: Option<&SigningKey>,
    discipline: &Discipline,
    arguments: &KeyRotateArguments,
) -> Result<Draft, CommandError> {
    let log = log_of(batch)?;
    let event = (EventType::RotateKey, &event_digest(&log, new, arguments));
    let att = attestation(place, arguments.att.as_ref(), event, discipline, arguments.dry_run)?;
    without_attestation(event, att.as_ref(), discipline, arguments.dry_run)?;
    let message = rotation(&log.origin, log.key.as_ref(), new.verifier(), &log.last);
    let sign = |key: &SigningKey| {
        let digits =
            key.sign_bytes(message.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Json::text(digits)
    };
    let mut payload = payload(&log, new, arguments);
    payload.push(("new_signature", sign(new)));
    payload.extend(old.map(|old| ("old_signature", sign(old))));
    Ok(Draft {
        kind: EventType::RotateKey,
        subject: None,
        src: None,
        time: environment::now(),
        by: log.origin,
        card_sha256: None,
        att,
        payload,
        source_file: snapshot::RepoPath::root(),
        ordinal: batch.read.size(),
    })
}
