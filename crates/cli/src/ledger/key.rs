//! `id-ledger key`: made, shown, and put in one another's place.

use ledger::files::FOLDER;
use ledger::{Draft, EventType, Json, rotation};
use tlog::{Algorithm, SigningKey};

use super::{Place, attestation, private_key, signing_key};
use crate::arguments::{KeyCommand, KeyGenerateArguments, KeyRotateArguments};
use crate::environment;
use crate::error::CommandError;

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
    let mut writer = place.writer(&discipline)?;
    let Some(log) = writer.batch.read.machine.log().cloned() else {
        return Err(CommandError::failed_with(
            "no ledger found",
            "start a signed one: id-ledger record, with the option --key-file",
        ));
    };
    let new = private_key(&arguments.new_key_file)?;
    let old = match &log.key {
        None => None,
        Some(key) => {
            Some(signing_key(&arguments.signing)?.filter(|signing| signing.verifier() == key).ok_or_else(
                || {
                    CommandError::failed_with(
                        format!("missing signing key: the log is signed by {key}"),
                        "pass its file with the option --key-file",
                    )
                },
            )?)
        }
    };
    let message = rotation(&log.origin, log.key.as_ref(), new.verifier(), &log.last);
    let sign = |key: &SigningKey| {
        let digits =
            key.sign_bytes(message.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Json::text(digits)
    };
    let mut payload =
        vec![("new_key", Json::text(new.verifier().to_string())), ("new_signature", sign(&new))];
    if let Some(old) = &old {
        payload.extend([("old_key", Json::text(old.verifier().to_string())), ("old_signature", sign(old))]);
    }
    payload.extend(arguments.reason.as_ref().map(|reason| ("reason", Json::text(reason.as_str()))));
    let event = ledger::attestation::subject(EventType::RotateKey, None, &payload);
    let att =
        attestation(&place, arguments.att.as_ref(), (EventType::RotateKey, &event), &discipline, false)?;
    let draft = Draft {
        kind: EventType::RotateKey,
        subject: None,
        src: None,
        time: environment::now(),
        by: log.origin.clone(),
        card_sha256: None,
        att,
        payload,
        source_file: snapshot::RepoPath::root(),
        ordinal: writer.batch.read.size(),
    };
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
