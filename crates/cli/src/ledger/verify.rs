//! `id-ledger verify`: verifies the ledger against its checkpoint, its rules, earlier checkpoints, and the history.

use std::path::Path;
use std::process::ExitCode;

use diagnostic::{CheckedRange, Report};
use engine::{Rule, RunKind};
use ledger::files::CHECKPOINT;
use ledger::{Fault, FaultKind, ReadOptions, rederive};
use policy::LedgerMode;
use repo::{Comparison, Repository};
use snapshot::Snapshot as _;
use tlog::{Checkpoint, Opened};

use super::freshness::Freshness;
use super::{Source, TrustSource, pins, text, trust, verify_trust};
use crate::arguments::VerifyArguments;
use crate::error::CommandError;
use crate::session::{load_policy, open};
use crate::{base, environment, output};

/// The value of `--trust` for a reader who trusts only the ledger itself.
const NO_TRUST: &str = "none";

pub(super) fn run(arguments: &VerifyArguments) -> ExitCode {
    let report = open(&arguments.common.repo).and_then(|repository| verify(&repository, arguments));
    let report = report.unwrap_or_else(|error| error.into_report("verify"));
    output::finish("id-ledger", &arguments.common, &ledger_rules(), report)
}

/// The rules about a ledger itself.
pub(crate) fn ledger_rules() -> Vec<&'static Rule> {
    rules::ledger::RULES.iter().copied().filter(|rule| rule.runs_in(RunKind::Ledger)).collect()
}

/// Verifies the ledger.
pub(crate) fn verify(repository: &Repository, arguments: &VerifyArguments) -> Result<Report, CommandError> {
    let rev = arguments.rev.as_deref().unwrap_or("HEAD");
    let head = base::commit(repository, rev)?;
    let commit = repository.commit(head)?;
    let (policy, policy_name) = load_policy(arguments.common.policy.as_deref(), &commit, Some(head))?;
    let policies = engine::disciplines(repository);
    let earlier: Vec<(String, Opened, String)> = arguments
        .since
        .iter()
        .map(|path| {
            let note = text(path)?;
            let opened = tlog::open(note.as_bytes());
            let opened =
                opened.map_err(|error| CommandError::failed(format!("{}: {error}", path.display())))?;
            Ok((path.display().to_string(), opened, note))
        })
        .collect::<Result<_, CommandError>>()?;
    let believed = match arguments.trust.as_deref() {
        Some(path) if path == Path::new(NO_TRUST) => TrustSource::Nothing,
        given => trust(None, given)?.map_or(TrustSource::Repository, TrustSource::Given),
    };
    let freshness = Freshness::of(&arguments.age)?;
    let source = Source::open(repository, arguments.rev.as_deref())?;
    source.with(|files| {
        let origin = ledger::files::read_checkpoint(files)?
            .and_then(|bytes| Some(tlog::open(&bytes).ok()?.checkpoint.origin));
        let pin =
            origin.as_deref().map(|origin| pins::read(pins::Memory::Reader, origin)).transpose()?.flatten();
        let mut checkpoints = earlier;
        checkpoints
            .extend(pin.as_ref().map(|pin| ("what was pinned".to_string(), pin.opened.clone(), pin.note())));
        // In a change that appends its own lines, all of them count.
        let ignores_tail = policy.ledger.mode != LedgerMode::InChange;
        let mut reading = ReadOptions { whole: true, ignores_tail, ..ReadOptions::default() };
        reading.sizes.extend(checkpoints.iter().map(|(_, opened, _)| opened.checkpoint.size));
        let read = reading.read(files, &mut |_, _| {})?;
        if read.size() == 0 && read.checkpoint.is_none() && read.faults.is_empty() {
            return Err(CommandError::failed_with(
                "no ledger found",
                "create it: id-ledger record --origin example.org/plugins",
            ));
        }
        let mut faults = read.faults.clone();
        let mut messages = Vec::new();
        if read.tail > 0 && ignores_tail && read.checkpoint.is_some() {
            messages.push(format!(
                "warning: {} bytes after the {} lines of the checkpoint were ignored: an interrupted append left them, and the next one removes them",
                read.tail,
                read.size()
            ));
        }
        if let Some(pin) = &pin {
            messages.push(format!("verified against the pin at {} lines", pin.opened.checkpoint.size));
        }
        for (name, opened, note) in &checkpoints {
            let now = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
            if let Some(fault) = fork(name, &opened.checkpoint, now, read.roots.get(&opened.checkpoint.size))
            {
                faults.push(fault);
                messages.push(evidence(name, opened, read.checkpoint.as_ref()));
                if let Some(path) = &arguments.evidence {
                    let now = ledger::files::read_checkpoint(files)?.unwrap_or_default();
                    let root = read.roots.get(&opened.checkpoint.size).map(ToString::to_string);
                    repo::disk::write(path, both(note, &now, opened.checkpoint.size, root).as_bytes())?;
                    messages.push(format!("wrote both to {}", path.display()));
                }
            }
        }
        let trusted = verify_trust(files, &read, &policy, &believed, freshness.as_ref())?;
        // Another rule reports a checkpoint without the signature of the log itself.
        let is_unsigned = faults.iter().any(|fault| fault.kind == FaultKind::CheckpointUntrusted);
        faults.extend(trusted.faults.into_iter().filter(|fault| !is_unsigned || fault.file != CHECKPOINT));
        let mut commits = 0;
        if arguments.rederive {
            let comparison = Comparison::Deltas;
            let rederived = rederive(repository, files, head, !ignores_tail, comparison, &policies)?;
            commits = rederived.commits as u64;
            faults.extend(rederived.fault);
            let plural = if commits == 1 { "" } else { "s" };
            messages.push(format!("{} lines derived again from {commits} commit{plural}", rederived.lines));
        }
        let findings =
            engine::check_ledger(rules::ledger::RULES, files, &faults, &policy, environment::today())?;
        let sound = faults.is_empty();
        if let Some(opened) = read.checkpoint.as_ref().filter(|_| sound) {
            let checkpoint = &opened.checkpoint;
            messages
                .push(format!("{}: {} lines, root {}", checkpoint.origin, checkpoint.size, checkpoint.root));
            if arguments.pin {
                let key = read.machine.log().and_then(|log| log.key.clone());
                messages.push(pins::advance(
                    pins::Memory::Reader,
                    pin.as_ref(),
                    opened,
                    key.as_ref(),
                    &ledger::files::checkpoint(files)?.unwrap_or_default(),
                )?);
            }
        }
        messages.push(trusted.signed_by);
        let checked = CheckedRange {
            command: "verify".into(),
            head: Some(match arguments.rev.is_some() || repository.workdir().is_none() {
                true => commit.name(),
                false => "working tree".into(),
            }),
            policy: Some(policy_name.clone()),
            commits,
            files: read.end.segment + 1 + u64::from(read.checkpoint.is_some()),
            rules: ledger_rules().len() as u64,
            ..CheckedRange::default()
        };
        Ok(Report { checked, findings, messages, ..Report::default() })
    })
}

fn of_checkpoint(kind: FaultKind, message: String) -> Fault {
    Fault { kind, file: CHECKPOINT.into(), line: None, span: 0..0, message, because_of: None }
}

/// Returns the fault of a log that does not continue an earlier checkpoint.
fn fork(
    name: &str,
    earlier: &Checkpoint,
    now: Option<&Checkpoint>,
    root: Option<&tlog::Hash>,
) -> Option<Fault> {
    let message = match (now, root) {
        (None, _) => format!("no checkpoint found that continues {name}"),
        (Some(now), _) if now.origin != earlier.origin => {
            format!("{name} is of {}, and this log is {}", earlier.origin, now.origin)
        }
        (Some(now), None) => format!(
            "{name} covers {} lines, and this ledger has {}: it is behind, or was rolled back",
            earlier.size, now.size
        ),
        (Some(_), Some(root)) if *root != earlier.root => {
            format!(
                "the first {} lines have the root {root}, but {name} declares {}: the log was forked (split view)",
                earlier.size, earlier.root
            )
        }
        _ => return None,
    };
    Some(of_checkpoint(FaultKind::CheckpointNotAncestor, message))
}

/// Returns the evidence of a fork: both notes, and the root of this ledger at the earlier size.
fn both(earlier: &str, now: &[u8], size: u64, root: Option<String>) -> String {
    let root = root.unwrap_or_else(|| "none: it is shorter".into());
    let now = String::from_utf8_lossy(now);
    format!(
        "earlier checkpoint:\n\n{earlier}\nthis ledger's checkpoint:\n\n{now}\nthis ledger's root at {size} lines:\n\n{root}\n"
    )
}

/// Both notes, as they were signed: together they prove a fork to anyone.
fn evidence(name: &str, earlier: &Opened, now: Option<&Opened>) -> String {
    let show = |opened: &Opened| {
        let signatures = opened.note.iter().flat_map(|note| &note.signatures);
        let names: Vec<String> = signatures.map(|line| format!("{}+{:08x}", line.name, line.id)).collect();
        let checkpoint = &opened.checkpoint;
        let signed =
            if names.is_empty() { "unsigned".into() } else { format!("signed by {}", names.join(", ")) };
        format!("{} {} {} ({signed})", checkpoint.origin, checkpoint.size, checkpoint.root)
    };
    let now = now.map_or_else(|| "none".into(), show);
    format!(
        "evidence: {name}: {}; this ledger: {now}; the option --evidence writes both to a file",
        show(earlier)
    )
}
