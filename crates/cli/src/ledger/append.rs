//! `id-ledger append`: an event by hand, with its reason; or a request for one, which travels in a change.

use diagnostic::sanitise;
use ledger::derive::Request;
use ledger::files::{FOLDER, PENDING};
use ledger::form::{Form, fields};
use ledger::{Batch, Draft, EventType, Identity, Json, Writer};
use policy::LedgerMode;
use tlog::{Hash, SigningKey};

use super::in_change::{of_artifact, of_card};
use super::{
    Payload, Place, attestation, author, find, no_ledger, put, signing_key, subject_line, without_attestation,
};
use crate::arguments::AppendArguments;
use crate::environment;
use crate::error::CommandError;
use crate::output::print;

/// A ledger that is only looked at, or locked for writing.
enum Work {
    Looking(Box<Batch>),
    Writing(Box<Writer>),
}

impl Work {
    fn batch(&mut self) -> &mut Batch {
        match self {
            Work::Looking(batch) => batch,
            Work::Writing(writer) => &mut writer.batch,
        }
    }
}

pub(super) fn run(arguments: &AppendArguments) -> Result<String, CommandError> {
    let mut to_attest = None;
    let result = append(arguments, &mut to_attest);
    if result.is_err() && arguments.dry_run {
        // A dry run that is refused has shown what an attestation must name all the same.
        print(&to_attest.as_ref().map(subject_line).unwrap_or_default());
    }
    result
}

/// Appends, or writes a request; `to_attest` becomes what an attestation of the event must name, as soon as it is known.
fn append(arguments: &AppendArguments, to_attest: &mut Option<Hash>) -> Result<String, CommandError> {
    let kind = kind(&arguments.event)?;
    let place = Place::open(&arguments.place.repo)?;
    let policy = place.policy()?;
    place.has_ledger()?;
    let discipline = engine::discipline(&policy);
    let mut work = match arguments.dry_run || arguments.request {
        true => Work::Looking(Box::new(place.batch(&discipline)?)),
        false => Work::Writing(Box::new(place.writer(&discipline)?)),
    };
    let batch = work.batch();
    let log = batch.read.machine.log().cloned().ok_or_else(no_ledger)?;
    let in_change = policy.ledger.mode == LedgerMode::InChange;
    let (subject, payload) = match kind {
        EventType::Create | EventType::Publish if !in_change || arguments.request => {
            return Err(CommandError::failed_with(
                format!("{} is nothing that is appended by hand", kind.name()),
                "it is recorded from a card or a spec after the merge; in `in-change` mode it is appended",
            ));
        }
        EventType::Create => of_card(&place, arguments)?,
        EventType::Publish => of_artifact(&place, batch, arguments)?,
        _ => {
            let (subject, identity) = find(&batch.read.machine, &arguments.identity)?;
            (subject, payload(kind, &identity, arguments)?)
        }
    };
    let event = ledger::attestation::subject(kind, Some(subject), &payload);
    *to_attest = Some(event);
    let att = attestation(&place, arguments.att.as_ref(), (kind, &event), &discipline, arguments.dry_run)?;
    let subject_line = without_attestation((kind, &event), att.as_ref(), &discipline, arguments.dry_run)?;
    if arguments.dry_run {
        // The digest must be known before there can be an attestation.
        batch.read.machine.discipline.attested.clear();
    }
    if arguments.request {
        let request_ = Request { kind, subject, att, payload };
        possible(batch, &request_, arguments)?;
        let printed = request(&place, &request_, arguments.dry_run)?;
        return Ok(if arguments.dry_run { printed + &subject_line } else { printed });
    }
    let card = place.root.join(artifact::layout::CARDS).join(format!("{subject}.yaml"));
    let card = repo::disk::read(&card, artifact::id_card::MAX_CARD_BYTES as u64)?;
    let draft = Draft {
        kind,
        subject: Some(subject),
        src: None,
        time: environment::now(),
        by: author(&place.repository, arguments.by.as_ref())?,
        card_sha256: card.map(|card| ledger::sha256(&card)),
        att,
        payload,
        source_file: snapshot::RepoPath::root(),
        ordinal: batch.read.size(),
    };
    batch.append(&draft).map_err(|refusal| refused(kind, &refusal, arguments))?;
    let writer = match work {
        Work::Looking(batch) => {
            return Ok(format!("would append {}\n{subject_line}", batch.lines.join("\n")));
        }
        Work::Writing(writer) => *writer,
    };
    let key = signing_key(&arguments.signing)?;
    let keys: Vec<&SigningKey> = key.iter().collect();
    let checkpoint = place.commit(writer, &log.origin, &keys)?;
    let mut printed = format!(
        "appended {} of {} as line {}\n",
        kind.name(),
        sanitise::text(&arguments.identity),
        checkpoint.size
    );
    printed += &match policy.ledger.mode {
        LedgerMode::InChange => format!("next: git add {FOLDER} && git commit\n"),
        LedgerMode::AfterMerge => format!(
            "next: git add {FOLDER} && git commit, on the mainline itself: in a change the gate refuses it (there, use --request)\n"
        ),
    };
    Ok(printed)
}

fn refused(kind: EventType, refusal: &ledger::Refusal, arguments: &AppendArguments) -> CommandError {
    let identity = sanitise::text(&arguments.identity);
    CommandError::refused(
        format!("{} is refused: {}", kind.name(), refusal.message),
        match refusal.because_of {
            Some(line) => {
                format!("line {} forbids it; id-ledger log {identity} shows the way it went", line + 1)
            }
            None => format!("id-ledger log {identity} shows the way it went"),
        },
    )
}

/// A request must be possible: after the merge it cannot be fixed any more.
fn possible(batch: &mut Batch, request: &Request, arguments: &AppendArguments) -> Result<(), CommandError> {
    let draft = request.draft();
    batch.append(&draft).map(|_| ()).map_err(|refusal| refused(request.kind, &refusal, arguments))
}

fn kind(name: &str) -> Result<EventType, CommandError> {
    let written = name.to_ascii_uppercase().replace('-', "_");
    // Events of the log itself have their own subcommands.
    let by_hand = |kind: &EventType| !kind.is_of_log();
    EventType::from_name(&written).filter(by_hand).ok_or_else(|| {
        let known: Vec<String> =
            EventType::ALL.into_iter().filter(by_hand).map(|kind| kind.name().to_ascii_lowercase()).collect();
        CommandError::failed_with(
            format!("{} is nothing that is appended by hand", sanitise::text(name)),
            format!("one of: {}", known.join(", ")),
        )
    })
}

/// The event's fields: as they are given, and what the ledger knows.
pub(super) fn payload(
    kind: EventType,
    identity: &Identity,
    arguments: &AppendArguments,
) -> Result<Payload, CommandError> {
    let mut payload: Vec<(&'static str, Json)> = Vec::new();
    let known = fields(kind);
    for given in &arguments.fields {
        let (name, value) = given.split_once('=').ok_or_else(|| {
            CommandError::failed_with(
                format!("{} is not of the form FIELD=VALUE", sanitise::text(given)),
                "as in version=1.2.0",
            )
        })?;
        let field = known.iter().find(|field| field.name == name && name != "reason").ok_or_else(|| {
            let names: Vec<&str> =
                known.iter().map(|field| field.name).filter(|name| *name != "reason").collect();
            let message = format!("{} has no field {}", kind.name(), sanitise::text(name));
            CommandError::failed_with(message, format!("its fields: {}", names.join(", ")))
        })?;
        let json = match field.form {
            Form::Ulids => Json::List(value.split(',').map(Json::text).collect()),
            form if form.is(value) => Json::text(value),
            form => {
                return Err(CommandError::failed(format!(
                    "{name}={}: expected {}",
                    sanitise::text(value),
                    form.describe()
                )));
            }
        };
        if payload.iter().any(|(other, _)| *other == field.name) {
            return Err(CommandError::failed(format!("{name} is given twice")));
        }
        payload.push((field.name, json));
    }
    let existing = [
        ("old_key", EventType::Rekey, Some(&*identity.key)),
        ("from", EventType::Move, Some(&*identity.path)),
        ("from", EventType::Transfer, identity.owner.as_deref()),
    ];
    for (name, of, value) in existing {
        if let Some(value) = value.filter(|_| of == kind && !payload.iter().any(|(given, _)| *given == name))
        {
            payload.push((name, Json::text(value)));
        }
    }
    payload.push(("reason", Json::text(arguments.reason.as_str())));
    Ok(payload)
}

fn request(place: &Place, request: &Request, dry_run: bool) -> Result<String, CommandError> {
    let (name, text) = request.write();
    let path = snapshot::RepoPath::from(PENDING).join(name.as_bytes());
    Request::read(&path, text.as_bytes()).map_err(|flaw| CommandError::failed(flaw.message))?;
    let file = format!("{PENDING}/{name}");
    if dry_run {
        return Ok(format!("would write {file}:\n{text}"));
    }
    put(place, PENDING, &name, text.as_bytes())?;
    Ok(format!("wrote {file}\nnext: git add {FOLDER} && git commit; it is recorded once it is merged\n"))
}
