//! Publishes one commit and its tags atomically, without overwriting anything.

use std::collections::BTreeMap;

use repo::Repository;
use snapshot::ObjectId;

use super::branches::noted;
use super::carried::Carried;
use super::publication::Publication;
use super::{PostMergeOutcome, here};
use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::error::CommandError;
use crate::ledger::counted;
use crate::remote;
use crate::tag::{self, Due};

/// The tags that are to be made where it counts.
pub(super) fn due<'m>(
    repository: &Repository,
    arguments: &PostMergeArguments,
    made: &'m Publication,
) -> Result<Due<'m>, CommandError> {
    Ok(match arguments.local {
        true => tag::due(&made.record, &tag::local(repository, &made.record)?, "here", &made.policy),
        false => {
            let there = tag::remote(repository, &arguments.remote, &made.record)?;
            tag::due(&made.record, &there, &format!("at {}", arguments.remote), &made.policy)
        }
    })
}

/// Publishes what was made. The inner refusal is the remote's: it may have been overtaken.
pub(super) fn publish(
    repository: &Repository,
    arguments: &PostMergeArguments,
    branch: &str,
    made: &Publication,
) -> Result<Result<PostMergeOutcome, CommandError>, CommandError> {
    let is_proposal = arguments.writer == WriterArgument::PullRequest;
    let mut collected = None;
    // What is proposed already was cosigned then, at other times.
    let mut waits = false;
    if let Some(cosigning) = &made.cosigning {
        if is_proposal {
            waits = branch_exists(repository, arguments, &proposal(made.name(repository)?))?;
        }
        if let Some(file) = made.carried.as_ref().filter(|_| !waits && !made.lines.is_empty()) {
            Carried::store(file, made.size_before, &made.lines)?;
        }
        if !waits {
            collected = Some(cosigning.collect(arguments.ca.as_deref())?);
        }
    }
    let is_unchanged =
        made.adds_only_cosignatures && collected.as_ref().is_none_or(|found| found.gained == 0);
    let cosigned = collected.as_ref().map(|found| found.note.as_str());
    let written = if is_unchanged { None } else { made.commit(repository, arguments, cosigned)? };
    // A name for each commit: what is already proposed is never written over.
    let proposed = match (&written, waits) {
        (Some(written), _) => proposal(written.name),
        (None, true) => proposal(made.name(repository)?),
        (None, false) => String::new(),
    };
    let commit = written.map(|written| written.id);
    let due = due(repository, arguments, made)?;
    let making = tag::TagCreator {
        repository,
        policy: &made.policy,
        signed: arguments.sign || tag::signs(repository, "tag.gpgSign")?,
    };
    let tags = making.objects(&due.missing)?;
    // Proposed by an earlier run, and still to be merged.
    waits = match commit.filter(|_| is_proposal && !waits) {
        Some(commit) => is_proposed(repository, arguments, &proposed, commit)?,
        None => waits,
    };
    let target = match arguments.writer {
        WriterArgument::Push => branch.to_string(),
        WriterArgument::PullRequest => proposed.clone(),
        WriterArgument::Branch => arguments.ledger_branch.clone(),
    };
    let news = commit.filter(|_| !waits).map(|commit| (target.as_str(), commit));
    if news.is_some() || !tags.is_empty() {
        match arguments.local {
            true => here::publish(repository, made, news, &making, &tags)?,
            false => {
                if let Err(refusal) = tag::push(repository, &arguments.remote, news, &tags) {
                    return Ok(Err(refusal));
                }
                // The refs of this clone are updated, too; an error here does not change what was published.
                let _ = making.name(&tags);
                if let Some((target, commit)) = news {
                    let _ = tag::update_refs(repository, &format!("update {} {commit}\n", noted(target)));
                }
            }
        }
    }
    if let Some(file) = made.carried.as_ref().filter(|_| made.cosigning.is_some() && !is_proposal) {
        Carried::forget(file)?;
    }
    let mut printed = words(arguments, made, news, &tags);
    if let Some(found) = collected.filter(|_| news.is_some()) {
        printed += &found.printed;
    }
    if arguments.local && news.is_some() && repository.remote_address(&arguments.remote).is_some() {
        printed += &format!(
            "only in this clone: {} does not have it; recording there as well would fork the log\n",
            arguments.remote
        );
    }
    if waits {
        printed += &format!("{target} waits to be merged\n");
    } else if printed.is_empty() {
        printed = format!("nothing to do: {} is recorded\n", made.tips.head.short());
    } else if arguments.writer == WriterArgument::PullRequest && news.is_some() {
        printed += &format!("next: open a pull request from {target} into {branch}\n");
    } else if !arguments.local && repository.workdir().is_some() {
        printed += "next: git pull --tags\n";
    }
    Ok(Ok(PostMergeOutcome {
        text: printed,
        head: Some(made.tips.head),
        commit,
        branch: commit.map(|_| target.clone()),
        mainline: branch.into(),
        events: if news.is_some() { made.lines.len() } else { 0 },
        tags: tags.into_keys().collect(),
        left_out: made.left_out.clone(),
        incidents: due.incidents,
        standing: made.mismatches.iter().cloned().chain(due.untagged).collect(),
        dry_run: false,
    }))
}

/// The branch on which a commit is proposed.
fn proposal(name: ObjectId) -> String {
    format!("id-guard/record-{}", name.short())
}

/// Returns whether a branch exists where the commit is proposed.
fn branch_exists(
    repository: &Repository,
    arguments: &PostMergeArguments,
    name: &str,
) -> Result<bool, CommandError> {
    let found = if arguments.local {
        repository.reference(&format!("refs/heads/{name}"))?
    } else {
        remote::branch_at(repository, &arguments.remote, name)?
    };
    Ok(found.is_some())
}

/// Returns whether a commit was proposed already; refuses a branch of its name with another commit.
fn is_proposed(
    repository: &Repository,
    arguments: &PostMergeArguments,
    name: &str,
    commit: ObjectId,
) -> Result<bool, CommandError> {
    let found = match arguments.local {
        true => repository.reference(&format!("refs/heads/{name}"))?,
        false => remote::branch_at(repository, &arguments.remote, name)?,
    };
    match found {
        Some(other) if other != commit => Err(CommandError::refused(
            format!(
                "the branch {name} is taken: it names {}, and what is to be proposed is {}",
                other.short(),
                commit.short()
            ),
            "find out who made it, and delete it",
        )),
        found => Ok(found.is_some()),
    }
}

/// What was published, in words.
fn words(
    arguments: &PostMergeArguments,
    made: &Publication,
    news: Option<(&str, ObjectId)>,
    tags: &BTreeMap<String, ObjectId>,
) -> String {
    let mut printed = String::new();
    if let Some((target, commit)) = news {
        let place = if arguments.local { String::new() } else { format!("{} ", arguments.remote) };
        let what = match made.lines.len() {
            0 if made.adds_only_cosignatures => "added cosignatures".to_string(),
            0 => "rebuilt the registry".to_string(),
            count => format!("recorded {}", counted(count, "event")),
        };
        printed += &format!("{what}, up to {}\n{}{}", made.tips.head.short(), made.summary(), made.printed);
        printed += &format!("{place}{target} is {}\n", commit.short());
    }
    tags.keys().for_each(|tag| printed += &format!("made the tag {tag}\n"));
    printed
}
