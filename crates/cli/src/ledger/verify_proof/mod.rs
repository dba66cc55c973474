//! `id-ledger verify-proof`: what a proof shows, compared with what its reader expects. It needs neither the repository nor the ledger.

mod artifact_content;
mod facts;
mod identity;
mod report;
mod served_state;

use std::process::ExitCode;

use diagnostic::sanitise;
use ledger::{Event, ProofFile, Proven, State, StateForm};
use tlog::{Opened, Trust};

use super::freshness::Freshness;
use super::{MAX_TEXT_BYTES, pins, trust};
use crate::arguments::{ExpectedState, VerifyProofArguments};
use crate::environment;
use crate::error::{CommandError, print_errors};
use crate::output::{json, print};
use facts::{Expected, Facts};
use identity::{ExpectedIdentity, registry_at_hand};
use report::Verification;

pub(crate) use report::SCHEMA as VERIFY_PROOF_SCHEMA;

pub(super) fn run(arguments: &VerifyProofArguments) -> ExitCode {
    let mut found = Verification::default();
    if let Err(error) = verify(arguments, &mut found) {
        found.errors.push(error);
    }
    let status = found.status();
    let printed = if arguments.json {
        json(&found.json())
    } else {
        found.lines.iter().map(|line| format!("{}\n", sanitise::text(line))).collect()
    };
    let written = print(&printed);
    if !arguments.json {
        found.errors.into_iter().for_each(print_errors);
    }
    if status == 0 { written } else { ExitCode::from(status) }
}

fn refuse(error: impl ToString) -> CommandError {
    CommandError::refused(error.to_string(), "")
}

/// Verifies the proof itself, then what it shows; whatever does not end the verification is added to the errors.
fn verify(arguments: &VerifyProofArguments, found: &mut Verification) -> Result<(), CommandError> {
    let wanted = arguments.identity.as_deref().map(ExpectedIdentity::parse).transpose()?;
    let freshness = Freshness::of(&arguments.age)?;
    let written = read(arguments)?;
    let file = ProofFile::parse(&written).map_err(refuse)?;
    let opened = file.line_proof().open().map_err(refuse)?;
    found.origin = Some(opened.checkpoint.origin.clone());
    found.size = Some(opened.checkpoint.size);
    found.index = Some(file.line_proof().inclusion.index);
    if opened.note.is_none() {
        return Err(refuse("the log is unsigned: nobody can verify this proof"));
    }
    let believed = verify_checkpoint(arguments, &opened, found)?;
    let proven = file.verify(&opened).map_err(refuse)?;
    found.event = file.line().and_then(|line| serde_json::from_slice(line).ok());
    let subject = match &file {
        ProofFile::State(state) => Some(state.subject),
        ProofFile::Line(_) => None,
    };
    let mut facts = Facts::of(&proven, subject);
    found.lines.push(format!(
        "{} contains it: line {} of {}, {}",
        opened.checkpoint.origin,
        file.line_proof().inclusion.index + 1,
        opened.checkpoint.size,
        signed_by(arguments, found)
    ));
    describe(&proven, &facts, found);
    served_state::compare(arguments, &believed, &opened.checkpoint, &mut facts, found)?;
    if let Some(freshness) = freshness {
        let problem = freshness.problem(Some(&believed), &opened);
        found.errors.extend(problem.map_or_else(Some, |problem| problem.map(refuse)));
    }
    found.errors.extend(compare(arguments, wanted.as_ref(), &facts, &mut found.lines));
    found.facts = Some(facts);
    if let Some(path) = &arguments.artifact {
        let artifact = artifact_content::compare(path, proven.event())?;
        found.errors.extend(artifact.problem.as_ref().map(refuse));
        found.lines.extend(artifact.is.map(|is| format!("{} is {is}", artifact.path)));
        found.artifact = Some(artifact);
    }
    Ok(())
}

/// Reads the proof. One that is not text was altered, as any other invalid proof.
fn read(arguments: &VerifyProofArguments) -> Result<String, CommandError> {
    let bytes = repo::disk::read(&arguments.proof, MAX_TEXT_BYTES)?;
    let missing = || CommandError::failed(format!("file not found: {}", arguments.proof.display()));
    String::from_utf8(bytes.ok_or_else(missing)?).map_err(|_| refuse("the proof is not UTF-8"))
}

/// Verifies that the checkpoint is trusted, and that it is not of a fork of the pinned log. Returns whom the user trusts.
fn verify_checkpoint(
    arguments: &VerifyProofArguments,
    opened: &Opened,
    found: &mut Verification,
) -> Result<Trust, CommandError> {
    let checkpoint = &opened.checkpoint;
    let pin = pins::read(pins::Memory::Reader, &checkpoint.origin)?;
    let by_pin = || pin.as_ref().and_then(|pin| pin.key.clone()).map(Trust::log);
    let believed =
        trust(arguments.key.as_deref(), arguments.trust.as_deref())?.or_else(by_pin).ok_or_else(|| {
            CommandError::failed_with(
                "it is not known whom to trust",
                "pass the log's key with the option --key, or a policy with --trust",
            )
        })?;
    believed.verify(opened).map_err(refuse)?;
    let signers = opened.note.as_ref().and_then(|note| note.signers(&believed.logs).ok()).unwrap_or_default();
    found.signers = signers.iter().map(|key| format!("{}+{:08x}", key.name(), key.id())).collect();
    found.witnesses = believed.cosignatures(opened).map_err(refuse)?;
    match pin.as_ref().map(|pin| &pin.opened.checkpoint) {
        Some(pinned) if pinned.size == checkpoint.size && pinned.root != checkpoint.root => {
            Err(refuse(format!(
                "the log was forked (split view): at {} lines the root of the proof is {}, and the pinned root is {}; keep both as evidence",
                pinned.size, checkpoint.root, pinned.root
            )))
        }
        _ => Ok(believed),
    }
}

/// Describes who signed: the keys, whether one was pinned, and the witnesses with their times.
fn signed_by(arguments: &VerifyProofArguments, found: &Verification) -> String {
    let is_pinned = arguments.key.is_none() && arguments.trust.is_none();
    let pinned = if is_pinned { " (the pinned key)" } else { "" };
    let seen: Vec<String> = found
        .witnesses
        .iter()
        .map(|cosignature| format!("{} {}", cosignature.witness, report::time(cosignature.time)))
        .collect();
    let seen = if seen.is_empty() { String::new() } else { format!(", seen by {}", seen.join(", ")) };
    format!("signed by {}{pinned}{seen}", found.signers.join(", "))
}

/// Adds what the proof shows.
fn describe(proven: &Proven<'_>, facts: &Facts, found: &mut Verification) {
    match proven {
        Proven::Line(event) => found.lines.push(describe_event(event)),
        Proven::State(seal, Some(state)) => {
            found.lines.push(format!("sealed {}: {}", when(seal), state.line()));
            found.lines.extend(describe_state(state));
        }
        Proven::State(seal, None) => {
            found.lines.push(format!(
                "{} was not there when the state was sealed, {}",
                facts.name(),
                when(seal)
            ));
        }
    }
}

fn describe_event(event: &Event<'_>) -> String {
    let details: Vec<String> =
        event.details().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let subject = event.subject.map(|ulid| ulid.to_string()).unwrap_or_default();
    format!("{} {subject} {} by {}, {}", event.kind.name(), details.join(" "), event.by.value(), when(event))
}

fn describe_state(state: &State<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let version = state.version.as_ref().map(|version| format!(", version {version}")).unwrap_or_default();
    lines.push(format!("{} ({}) is {}{version}", state.key, state.ulid, state.status.name()));
    if !state.yanked.is_empty() {
        lines.push(format!("yanked versions: {}", state.yanked.join(", ")));
    }
    lines.extend(state.merged_into.map(|target| format!("merged into {target}")));
    lines.extend(state.replaced_by.as_ref().map(|other| format!("replaced by {other}")));
    if state.form == StateForm::V1 {
        lines.push("this seal is of the first form, which does not show which versions were yanked".into());
    }
    lines
}

fn when(event: &Event<'_>) -> String {
    environment::time_of(u64::try_from(event.time).unwrap_or_default() * 1000)
}

/// Compares what the proof shows with what its reader expects; returns what differs.
fn compare(
    arguments: &VerifyProofArguments,
    wanted: Option<&ExpectedIdentity>,
    facts: &Facts,
    lines: &mut Vec<String>,
) -> Vec<CommandError> {
    let mut errors = Vec::new();
    let registry = || registry_at_hand(arguments.registry.as_deref());
    let version = wanted.and_then(|wanted| wanted.version.as_deref());
    let expected = arguments.expect.map(Expected::from);
    let is_absent = expected == Some(Expected::Absent);
    match wanted.map(|wanted| wanted.differs_from(facts, is_absent, &registry)) {
        None => lines.push("not compared with an expected identity (option --identity)".into()),
        Some(Err(error)) => errors.push(error),
        Some(Ok(Some(problem))) => errors.push(refuse(problem)),
        Some(Ok(None)) => {
            let version = version.map(|version| format!(", version {version}")).unwrap_or_default();
            lines.push(format!("it is of the expected identity: {}{version}", facts.name()));
        }
    }
    if let Some(expected) = expected {
        errors.extend(facts.differs_from(expected, version).map(refuse));
        return errors;
    }
    // The proof of a line is only a record, unless its reader uses what it records.
    let is_used = facts.is_state || wanted.is_some() || arguments.artifact.is_some();
    for (reason, state) in facts.withdrawn(version) {
        if arguments.allow_yanked || !is_used {
            lines.push(format!("warning: {reason}"));
        } else {
            let help = format!("to accept it, pass --allow-yanked; to prove it, pass --expect {state}");
            errors.push(CommandError::refused(reason, help));
        }
    }
    errors
}

impl From<ExpectedState> for Expected {
    fn from(state: ExpectedState) -> Expected {
        match state {
            ExpectedState::Active => Expected::Active,
            ExpectedState::Yanked => Expected::Yanked,
            ExpectedState::Retired => Expected::Retired,
            ExpectedState::Absent => Expected::Absent,
        }
    }
}
