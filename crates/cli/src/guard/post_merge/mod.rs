//! `id-guard post-merge`: catch up on what was merged, record it, rebuild the registry, one commit, tags, one atomic push.
//!
//! Nothing is visible before the push: until then there are only objects without a ref, which the next run writes again identically. A run may
//! end at any step, and another one, in any clone, continues.

mod backoff;
mod branches;
mod carried;
mod commit;
mod cosign;
mod here;
mod locks;
mod overlay;
mod publication;
mod publish;
mod summary;

use std::process::ExitCode;

use ledger::derive::Omission;
use repo::Repository;
use serde_json::json;
use snapshot::ObjectId;

use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::error::{CommandError, finish};
use crate::ledger::{complain_of, counted, describe_omission};
use crate::output::{self, complain, print};
use crate::session::Session;
use crate::tag::warn_about_tags;
use branches::{Tips, branch, fetch, refuse_second_log, tips};
use publication::{Publication, PublicationBuilder};

/// What a remote answers whose hook or branch protection refuses a push: no other push decided that.
const DECIDED: &str = "hook declined";
/// The number of rejected pushes in a row before which the remote had not moved, after which it is refused for another reason than a race.
const MAX_UNMOVED: usize = 2;

pub(crate) fn run(arguments: &PostMergeArguments) -> ExitCode {
    match open_and_execute(arguments) {
        (_, Err(refusal)) => {
            if arguments.json {
                print(&output::json(&json!({"schema_version": 1, "error": refusal.message()})));
            }
            finish(Err(refusal))
        }
        (code, Ok(done)) => {
            let status = print(&if arguments.json { done.json() } else { done.text.clone() });
            complain_of(&done.left_out);
            warn_about_tags(&done.incidents);
            done.standing.iter().for_each(|what| complain(what));
            if code == 0 { status } else { ExitCode::from(code) }
        }
    }
}

fn open_and_execute(arguments: &PostMergeArguments) -> (u8, Result<PostMergeOutcome, CommandError>) {
    match Session::open(&arguments.place.repo) {
        Ok(mut session) => execute(&mut session, arguments),
        Err(error) => (error.status(), Err(error)),
    }
}

/// Records merged changes; returns the exit status and the outcome.
pub(crate) fn execute(
    session: &mut Session,
    arguments: &PostMergeArguments,
) -> (u8, Result<PostMergeOutcome, CommandError>) {
    let done = work(session, arguments);
    let code = match &done {
        Err(error) => error.status(),
        // An event or tag that could not be recorded is not a success, although the rest was published.
        Ok(done) => u8::from(!done.wrong().is_empty()),
    };
    (code, done)
}

/// What was done.
#[derive(Default)]
pub(crate) struct PostMergeOutcome {
    pub(crate) text: String,
    pub(crate) head: Option<ObjectId>,
    pub(crate) commit: Option<ObjectId>,
    pub(crate) branch: Option<String>,
    /// The branch that is recorded.
    pub(crate) mainline: String,
    events: usize,
    pub(crate) tags: Vec<String>,
    left_out: Vec<Omission>,
    incidents: Vec<String>,
    /// Content of the base branch that differs from what was published or recorded.
    standing: Vec<String>,
    pub(crate) dry_run: bool,
}

impl PostMergeOutcome {
    /// Notes something that should have followed and did not.
    pub(crate) fn fail(&mut self, what: &str) {
        self.standing.push(what.into());
    }

    /// Returns what could not be recorded or tagged, and what differs from what was published.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let left_out = self.left_out.iter().map(describe_omission);
        left_out.chain(self.incidents.iter().cloned()).chain(self.standing.iter().cloned()).collect()
    }

    fn json(&self) -> String {
        let left_out: Vec<_> = self
            .left_out
            .iter()
            .map(|left| json!({"commit": left.commit.to_string(), "path": String::from_utf8_lossy(left.path.as_bytes()), "message": left.message}))
            .collect();
        let document = json!({
            "schema_version": 1,
            "dry_run": self.dry_run,
            "head": self.head.map(|id| id.to_string()),
            "commit": self.commit.map(|id| id.to_string()),
            "branch": self.branch,
            "events": self.events,
            "tags": self.tags,
            "left_out": left_out,
            "incidents": self.incidents,
            "standing": self.standing,
        });
        output::json(&document)
    }
}

fn work(session: &mut Session, arguments: &PostMergeArguments) -> Result<PostMergeOutcome, CommandError> {
    // One post-merge job at a time in this clone; between clones, the remote decides.
    let _lock = repo::disk::lock(&session.common_dir().join("id-guard-ledger.lock"))?;
    let branch = branch(session, arguments)?;
    let attempts = usize::from(arguments.attempts);
    let mut overtaken: Option<(CommandError, Tips)> = None;
    let mut unmoved = 0;
    for attempt in 0..attempts {
        let is_decided = overtaken.as_ref().is_some_and(|(refusal, _)| refusal.message().contains(DECIDED));
        if attempt > 0 && !is_decided {
            std::thread::sleep(backoff::wait_after(attempt, backoff::random()));
        }
        if !arguments.local {
            fetch(session, arguments, &branch)?;
        }
        session.refresh()?;
        let repository: &Repository = session;
        let tips = tips(repository, arguments, &branch)?;
        if let Some((refusal, before)) = overtaken.take() {
            unmoved = if before == tips { unmoved + 1 } else { 0 };
            // Another push may still be on its way. Without one, the remote has another reason to refuse.
            if unmoved >= MAX_UNMOVED || is_decided && unmoved > 0 {
                return Err(refusal);
            }
        }
        refuse_second_log(repository, arguments, tips)?;
        let made = PublicationBuilder { repository, arguments, tips }.make()?;
        if arguments.dry_run {
            return preview(repository, arguments, &branch, &made);
        }
        match publish::publish(repository, arguments, &branch, &made)? {
            Ok(done) => return Ok(done),
            Err(refusal) => overtaken = Some((refusal, tips)),
        }
    }
    let why = overtaken.map(|(refusal, _)| format!(": {}", refusal.message()));
    Err(CommandError::failed_with(
        format!("the branch moved during each of {attempts} attempts{}", why.unwrap_or_default()),
        "run it again; nothing was published",
    ))
}

/// Returns the outcome of a dry run.
fn preview(
    repository: &Repository,
    arguments: &PostMergeArguments,
    branch: &str,
    made: &Publication,
) -> Result<PostMergeOutcome, CommandError> {
    let due = publish::due(repository, arguments, made)?;
    let mut printed = String::new();
    if !made.files.is_empty() && !made.adds_only_cosignatures {
        let what = match made.lines.len() {
            0 => "would rebuild the registry".to_string(),
            count => format!("would record {}", counted(count, "event")),
        };
        printed += &format!("{what}, up to {}\n{}{}", made.tips.head.short(), made.summary(), made.printed);
        let target = match arguments.writer {
            WriterArgument::Push => branch.to_string(),
            WriterArgument::PullRequest => "a branch id-guard/record-… of its own".into(),
            WriterArgument::Branch => arguments.ledger_branch.clone(),
        };
        printed += &match arguments.local {
            true => format!("would move {target} here\n"),
            false => format!("would push {target} to {}\n", diagnostic::sanitise::text(&arguments.remote)),
        };
    }
    due.missing.iter().for_each(|tag| printed += &format!("would make the tag {}\n", tag.name));
    if let Some(cosigning) = &made.cosigning {
        printed += &format!("would ask for cosignatures: {}\n", cosigning.names().join(", "));
    }
    if printed.is_empty() {
        printed = format!("nothing to do: {} is recorded\n", made.tips.head.short());
    }
    Ok(PostMergeOutcome {
        text: printed,
        head: Some(made.tips.head),
        mainline: branch.into(),
        events: made.lines.len(),
        tags: due.missing.iter().map(|tag| tag.name.clone()).collect(),
        left_out: made.left_out.clone(),
        incidents: due.incidents,
        standing: made.mismatches.iter().cloned().chain(due.untagged).collect(),
        dry_run: true,
        ..PostMergeOutcome::default()
    })
}
