//! `id-ledger record`: what was merged since the last time.

use std::collections::HashSet;
use std::process::ExitCode;

use diagnostic::sanitise;
use ledger::derive::{Omission, Rewritten};
use ledger::files::{FOLDER, Files};
use ledger::{Batch, Event, EventType, Outcome, StateForm};
use policy::{LedgerMode, Policy};
use repo::Repository;
use snapshot::{ObjectId, Snapshot as _};
use tlog::SigningKey;

use super::{Place, Source, refuse_lost, signing_key};
use crate::arguments::RecordArguments;
use crate::base;
use crate::error::{CommandError, finish};
use crate::output::{advise, complain, print};
use crate::session::load_policy;

pub(super) fn run(arguments: &RecordArguments) -> ExitCode {
    match record(arguments) {
        Err(refusal) => finish(Err(refusal)),
        Ok((printed, left_out)) => {
            let status = print(&printed);
            complain_of(&left_out);
            // An event that could not be recorded is not a success, although the rest was written.
            if left_out.is_empty() { status } else { ExitCode::from(1) }
        }
    }
}

/// Returns whether what could not be recorded is still unchanged at the head; if it was fixed since, it is not reported.
pub(crate) fn is_unchanged(repository: &Repository, head: ObjectId, left: &Omission) -> bool {
    let at = |commit: ObjectId| {
        let commit = repository.commit(commit).ok()?;
        Some(commit.find(&left.path).ok()?.map(|node| node.object))
    };
    left.path.is_root() || at(left.commit) == at(head)
}

/// Prints what was not recorded, and why.
pub(crate) fn describe_omission(left: &Omission) -> String {
    let path = if left.path.is_root() { String::new() } else { format!("{}: ", sanitise::path(&left.path)) };
    format!("not recorded: commit {}: {path}{}", left.commit.short(), left.message)
}

/// Describes what could not be recorded.
pub(crate) fn complain_of(left_out: &[Omission]) {
    left_out.iter().for_each(|left| complain(&describe_omission(left)));
    if !left_out.is_empty() {
        advise("fix it in a separate change: raise the version, fix the file, or remove the request");
    }
}

fn record(arguments: &RecordArguments) -> Result<(String, Vec<Omission>), CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let head = base::commit(&place.repository, &arguments.head)?;
    let (printed, mut left_out) = record_up_to(&place, arguments, head)?;
    left_out.retain(|left| is_unchanged(&place.repository, head, left));
    Ok((printed, left_out))
}

fn record_up_to(
    place: &Place,
    arguments: &RecordArguments,
    head: ObjectId,
) -> Result<(String, Vec<Omission>), CommandError> {
    let (policy, _) = load_policy(None, &place.repository.commit(head)?, Some(head))?;
    let key = signing_key(&arguments.signing)?;
    let discipline = engine::discipline(&policy);
    let recording = Recording {
        repository: &place.repository,
        policy: &policy,
        head,
        origin: arguments.origin.as_deref(),
        key: key.as_ref(),
        seal: arguments.seal,
    };
    let source = Source::open(&place.repository, None)?;
    if source.with(|files| Ok::<_, CommandError>(ledger::files::checkpoint(files)?))?.is_none() {
        refuse_lost(&place.repository, head)?;
    }
    if arguments.dry_run {
        let mut batch = place.batch(&discipline)?;
        let (commits, left_out) = source.with(|files| recording.make(&mut batch, files))?;
        let printed = match batch.lines.is_empty() {
            true => nothing(commits, head),
            false => batch.lines.iter().map(|line| format!("{line}\n")).collect(),
        };
        return Ok((printed, left_out));
    }
    let mut writer = place.writer(&discipline)?;
    let mut printed = String::new();
    if writer.truncated() > 0 {
        printed += &format!("cut off {} bytes of an append that never ended\n", writer.truncated());
    }
    let (commits, left_out) = source.with(|files| recording.make(&mut writer.batch, files))?;
    if writer.batch.lines.is_empty() {
        return Ok((printed + &nothing(commits, head), left_out));
    }
    let summary = summary(&writer.batch.lines);
    let events = counted(writer.batch.lines.len(), "event");
    let origin = recording.origin(&writer.batch)?;
    let keys: Vec<&SigningKey> = key.iter().collect();
    let checkpoint = place.commit(writer, &origin, &keys)?;
    printed +=
        &format!("recorded {events} of {}, up to {}\n{summary}", counted(commits, "commit"), head.short());
    printed += &format!(
        "checkpoint {} {} {}\n",
        sanitise::text(&checkpoint.origin),
        checkpoint.size,
        checkpoint.root
    );
    printed += &format!("next: git add {FOLDER} && git commit -m \"record {events}\"\n");
    Ok((printed, left_out))
}

pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn nothing(commits: usize, head: ObjectId) -> String {
    format!("nothing to record: {} looked at, up to {}\n", counted(commits, "commit"), head.short())
}

/// What is recorded, and how.
pub(crate) struct Recording<'r> {
    pub(crate) repository: &'r Repository,
    /// The policy of the head.
    pub(crate) policy: &'r Policy,
    pub(crate) head: ObjectId,
    /// The log's name, for one that begins.
    pub(crate) origin: Option<&'r str>,
    pub(crate) key: Option<&'r SigningKey>,
    /// Whether to close with a seal.
    pub(crate) seal: bool,
}

impl Recording<'_> {
    /// Derives the lines; returns the number of commits that were read, and what could not be recorded. `files` are those of the current ledger.
    pub(crate) fn make(
        &self,
        batch: &mut Batch,
        files: &dyn Files,
    ) -> Result<(usize, Vec<Omission>), CommandError> {
        let key = self.key;
        if self.policy.ledger.mode == LedgerMode::InChange && batch.read.size() > 0 {
            return Err(CommandError::failed_with(
                "the policy requires changes to contain their own lines (`ledger: {mode: in-change}`)",
                "append them in the change: id-ledger append",
            ));
        }
        let unsigned = batch.read.machine.log().is_some_and(|log| log.key.is_none());
        if unsigned && key.is_some() {
            return Err(CommandError::failed_with(
                "this log has no key, and one was given",
                "leave out the key, or add it to the log: id-ledger key rotate, with the option --new-key-file",
            ));
        }
        let named = self.policy.ledger.key.as_ref().filter(|_| batch.read.size() == 0);
        if let Some(named) =
            named.filter(|named| key.map(|key| key.verifier().to_string()).as_ref() != Some(named))
        {
            return Err(CommandError::failed_with(
                format!("the policy requires the key {} for the new log", sanitise::text(named)),
                "pass its file with the option --key-file",
            ));
        }
        let origin = self.origin(batch)?;
        let verifier = key.map(SigningKey::verifier);
        let policies = engine::disciplines(self.repository);
        let outcome = ledger::record(batch, self.repository, self.head, &origin, verifier, &policies)?;
        let (commits, left_out) = match outcome {
            Outcome::Recorded { commits, omissions: left_out } => (commits, left_out),
            Outcome::Rewritten(evidence) => return Err(rewritten(files, &evidence)?),
        };
        if self.seal && batch.read.last_kind != Some(EventType::Seal) {
            let (identities, root) = batch.read.machine.seal(StateForm::V2);
            let identities = i64::try_from(identities).unwrap_or(i64::MAX);
            let sealed = (StateForm::V2, identities, &*root.hex());
            let draft = ledger::seal(&origin, batch.read.last_time, sealed, batch.read.size());
            batch.append(&draft).map_err(|refusal| CommandError::failed(refusal.message))?;
        }
        Ok((commits, left_out))
    }

    /// The log's name: the one it has, else the one it is given.
    pub(crate) fn origin(&self, batch: &Batch) -> Result<String, CommandError> {
        let key = self.key;
        let wanted = self.origin.or(self.policy.ledger.origin.as_deref());
        let known = batch.read.machine.log().map(|log| log.origin.clone());
        let known = known.or_else(|| Some(batch.read.checkpoint.as_ref()?.checkpoint.origin.clone()));
        let origin = match (known, wanted) {
            (Some(known), Some(wanted)) if known != wanted => {
                return Err(CommandError::failed(format!(
                    "this log is {known}, not {wanted}: a log keeps its name"
                )));
            }
            (Some(known), _) => known,
            (None, Some(wanted)) => wanted.to_string(),
            (None, None) => match key {
                Some(key) => key.verifier().name().to_string(),
                None => {
                    return Err(CommandError::failed_with(
                        "the log has no name yet",
                        "give it one that nobody else uses: --origin example.org/plugins, or `ledger: {origin: …}` in policy-packs/policy.yaml",
                    ));
                }
            },
        };
        if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
            return Err(CommandError::failed("a log's name has no space and no `+`"));
        }
        match key.filter(|key| key.verifier().name() != origin) {
            None => Ok(origin),
            Some(key) => Err(CommandError::failed(format!(
                "the key is of {}, and the log is {origin}",
                key.verifier().name()
            ))),
        }
    }
}

/// How often each type of event was recorded.
pub(crate) fn summary(lines: &[String]) -> String {
    let kinds: Vec<EventType> =
        lines.iter().filter_map(|line| Some(Event::read(line.as_bytes()).ok()?.kind)).collect();
    let count = |kind: EventType| kinds.iter().filter(|other| **other == kind).count();
    let met = EventType::ALL.into_iter().filter(|kind| count(*kind) > 0);
    met.map(|kind| format!("  {:5} {}\n", count(kind), kind.name())).collect()
}

/// Describes a history that was rewritten after it was recorded.
fn rewritten(files: &dyn Files, evidence: &Rewritten) -> Result<CommandError, CommandError> {
    let mut last_good: Option<(u64, ObjectId)> = None;
    let mut lost: HashSet<ObjectId> = HashSet::new();
    ledger::ReadOptions::default().read(files, &mut |line, _| {
        let src =
            line.event.ok().and_then(|event| event.src).and_then(|src| ObjectId::from_hex(src.as_bytes()));
        if let Some(src) = src {
            match evidence.mainline.contains(&src) {
                true => last_good = Some((line.number + 1, src)),
                false => drop(lost.insert(src)),
            }
        }
    })?;
    let mut message = format!(
        "the history was rewritten under the ledger: its last derived line names commit {}, which is not part of the base branch at {}; {} recorded commits are missing from it",
        evidence.last,
        evidence.head,
        lost.len()
    );
    if let Some((line, src)) = last_good {
        message += &format!("; line {line} names {src}, the last one that it still contains");
    }
    message += match (evidence.merged_behind, evidence.exists) {
        (true, _) => {
            "; the commit is still there, behind another parent of a merge: the merge was made the wrong way round"
        }
        (false, true) => "; the commit's object is still there",
        (false, false) => "; the commit's object is gone",
    };
    let help = match evidence.merged_behind {
        true => "merge the change into the mainline, not the mainline into the change; nothing was recorded",
        false => {
            "if only this clone was rewritten: git fetch && git reset --hard origin/main; else restore a history of the base branch that contains the commit; nothing was recorded"
        }
    };
    Ok(CommandError::refused(message, help))
}
