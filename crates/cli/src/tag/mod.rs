//! `id-tag`: plans, creates and verifies tags.

mod create;

use std::collections::BTreeMap;
use std::process::ExitCode;

use diagnostic::{CheckedRange, Report, sanitise};
use engine::{PlacedTags, Rule, RunKind, check_tags};
use ledger::files::InSnapshot;
use policy::Policy;
use registry::tags::{RecordedTag, RecordedTags, TagMismatch, TagState, recorded};
use repo::{Commit, Repository};
use rules::immutability;
use snapshot::ObjectId;

use create::Applied;
pub(crate) use create::{Due, TagCreator, due, push, signs, update_refs};

use crate::arguments::{ApplyArguments, LedgerAt, PlanArguments, Tag, TagCommand, TagVerifyArguments};
use crate::error::{CommandError, finish};
use crate::merged::{MergedRequest, add_state};
use crate::output::{advise, complain, print};
use crate::ref_tags::TAGS_NOT_CHECKED;
pub(crate) use crate::ref_tags::{local, remote};
use crate::session::{load_policy, open};
use crate::{base, environment, output};

pub(crate) fn run(arguments: &Tag) -> ExitCode {
    match &arguments.command {
        TagCommand::Plan(arguments) => finish(plan(arguments)),
        TagCommand::Apply(arguments) => apply(arguments),
        TagCommand::Verify(arguments) => verify(arguments),
    }
}

/// A commit, the tags of its ledger, and the policy that names them.
struct TagQuery<'r> {
    commit: Commit<'r>,
    head: ObjectId,
    record: RecordedTags,
    policy: Policy,
    policy_name: String,
}

impl<'r> TagQuery<'r> {
    fn open(
        repository: &'r Repository,
        ledger: &LedgerAt,
        policy: Option<&std::path::Path>,
    ) -> Result<TagQuery<'r>, CommandError> {
        let head = base::commit(repository, &ledger.rev)?;
        let commit = repository.commit(head)?;
        let (policy, policy_name) = load_policy(policy, &commit, Some(head))?;
        let record = recorded(&InSnapshot(&commit))?;
        Ok(TagQuery { commit, head, record, policy, policy_name })
    }

    /// Refuses to make tags of a ledger that is not sound.
    fn sound(self) -> Result<TagQuery<'r>, CommandError> {
        match self.record.faults.first() {
            None => Ok(self),
            Some(fault) => Err(CommandError::refused(
                format!("{}: {}", fault.file, fault.message),
                "id-ledger verify shows all problems",
            )),
        }
    }
}

/// The tags of a place, and how it is called.
type At = (String, BTreeMap<String, TagState>);

/// The tags of every place that is asked.
fn places(repository: &Repository, asked: &LedgerAt, record: &RecordedTags) -> Result<Vec<At>, CommandError> {
    let mut places = vec![("here".to_string(), local(repository, record)?)];
    if let Some(name) = &asked.remote {
        places.push((format!("at {}", sanitise::text(name)), remote(repository, name, record)?));
    }
    Ok(places)
}

fn plan(arguments: &PlanArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.place.repo)?;
    let asked = TagQuery::open(&repository, &arguments.ledger, None)?.sound()?;
    if let Some(name) = &arguments.show {
        let tag = asked.record.tags.get(name).ok_or_else(|| {
            CommandError::refused(format!("tag not found in the ledger: {name}"), "id-tag plan lists them")
        })?;
        let writer = engine::writers(&repository)(tag.commit)?;
        let text = String::from_utf8_lossy(&tag.object(&writer.name, &writer.email)).into_owned();
        return Ok(text.lines().map(|line| format!("{}\n", sanitise::text(line))).collect());
    }
    let places = places(&repository, &arguments.ledger, &asked.record)?;
    let mut printed = String::new();
    if has_no_tags(&places, &asked.record) {
        printed += &format!("{NO_TAGS}\n");
    }
    let (mut due, mut wrong) = (0, 0);
    for tag in asked.record.tags.values() {
        let states: Vec<String> =
            places.iter().map(|(place, found)| state(tag, found.get(&tag.name), place)).collect();
        due += u64::from(
            places.iter().any(|(_, found)| tag.verify(found.get(&tag.name)) == Some(TagMismatch::Missing)),
        );
        wrong += u64::from(places.iter().any(|(_, found)| {
            tag.verify(found.get(&tag.name)).is_some_and(|what| what != TagMismatch::Missing)
        }));
        let line = format!(
            "{}  {} {} at {}: {}",
            tag.name,
            tag.key,
            tag.version,
            tag.commit.short(),
            states.join(", ")
        );
        printed += &format!("{}\n", sanitise::text(&line));
    }
    for note in &asked.record.notes {
        printed += &format!("note: {}\n", sanitise::text(note));
    }
    let count = asked.record.tags.len();
    let plural = if count == 1 { "" } else { "s" };
    let wrong = if wrong > 0 { format!(", {wrong} something else") } else { String::new() };
    Ok(printed + &format!("{count} tag{plural}, {due} still to be made{wrong}\n"))
}

/// The note about a clone without any tag.
const NO_TAGS: &str =
    "note: this clone has no tags at all; if they were made elsewhere, fetch them: git fetch --tags";

/// Returns whether this clone has no tag at all, although the ledger records some: then it shows nothing about tags elsewhere.
fn has_no_tags(places: &[At], record: &RecordedTags) -> bool {
    let here = places.iter().find(|(place, _)| place == "here");
    !record.tags.is_empty() && here.is_some_and(|(_, found)| found.is_empty())
}

fn state(tag: &RecordedTag, found: Option<&TagState>, place: &str) -> String {
    match tag.verify(found) {
        None => format!("made {place}"),
        Some(TagMismatch::Missing) => format!("to be made {place}"),
        Some(TagMismatch::Moved { found, .. }) => format!("names {} {place}", found.short()),
        Some(TagMismatch::Lightweight) => format!("not annotated {place}"),
        Some(TagMismatch::ContentDiffers { found }) => {
            format!("has different content {place} ({})", found.short())
        }
    }
}

fn apply(arguments: &ApplyArguments) -> ExitCode {
    let applied = || -> Result<Applied, CommandError> {
        let repository = open(&arguments.place.repo)?;
        let asked = TagQuery::open(&repository, &arguments.ledger, None)?.sound()?;
        let making = TagCreator {
            repository: &repository,
            policy: &asked.policy,
            signed: arguments.sign || signs(&repository, "tag.gpgSign")?,
        };
        making.apply(&asked.record, arguments.ledger.remote.as_deref(), arguments.dry_run)
    };
    match applied() {
        Err(refusal) => finish(Err(refusal)),
        Ok(Applied { printed, incidents, untagged }) => {
            let status = print(&printed);
            warn_about_tags(&incidents);
            untagged.iter().for_each(|version| complain(version));
            if incidents.is_empty() && untagged.is_empty() { status } else { ExitCode::from(1) }
        }
    }
}

/// Prints the conflicting tags, and how to fix them.
pub(crate) fn warn_about_tags(incidents: &[String]) {
    incidents.iter().for_each(|incident| complain(incident));
    if !incidents.is_empty() {
        advise(
            "find out who created it; then delete the wrong tag (git push REMOTE :refs/tags/TAG, git tag -d TAG): the next run creates the recorded one",
        );
    }
}

fn verify(arguments: &TagVerifyArguments) -> ExitCode {
    let rules = verified_rules();
    let check = |repository: Repository| {
        let mut report = verify_tags(&repository, arguments)?;
        let head = base::commit(&repository, &arguments.ledger.rev)?;
        let policy = arguments.common.policy.as_deref();
        let record = MergedRequest { repository: &repository, head, policy, rules: &rules }.check_record()?;
        add_state(&mut report, record);
        report.checked.rules = rules.len() as u64;
        Ok(report)
    };
    let report = open(&arguments.common.repo).and_then(check);
    let report = report.unwrap_or_else(|error: CommandError| error.into_report("verify"));
    output::finish("id-tag", &arguments.common, &rules, report)
}

/// The rules about tags, and about the ledger and the registry that they follow from.
fn verified_rules() -> Vec<&'static Rule> {
    let runs = |rule: &&&'static Rule| {
        [RunKind::Tags, RunKind::Ledger, RunKind::Recorded].into_iter().any(|run| rule.runs_in(run))
    };
    let rules = [immutability::TAGS, rules::ledger::RULES, rules::derived::REGISTRY].concat();
    rules.iter().filter(runs).copied().collect()
}

/// Verifies every tag against the ledger.
pub(crate) fn verify_tags(
    repository: &Repository,
    arguments: &TagVerifyArguments,
) -> Result<Report, CommandError> {
    let asked = TagQuery::open(repository, &arguments.ledger, arguments.common.policy.as_deref())?;
    let files = InSnapshot(&asked.commit);
    if ledger::files::read_checkpoint(&files)?.is_none() && !ledger::files::has_lines(&files)? {
        return Err(CommandError::failed_with(
            "no ledger found, so no tags to verify",
            "create it: id-ledger record --origin example.org/plugins",
        ));
    }
    let places = places(repository, &arguments.ledger, &asked.record)?;
    let at: Vec<PlacedTags<'_>> =
        places.iter().map(|(place, found)| PlacedTags { place, is_here: place == "here", found }).collect();
    let mut findings = engine::check_ledger(
        rules::ledger::RULES,
        &files,
        &asked.record.faults,
        &asked.policy,
        environment::today(),
    )?;
    findings.extend(check_tags(
        immutability::TAGS,
        &files,
        &asked.record,
        &at,
        &asked.policy,
        environment::today(),
    )?);
    let are_unchecked = has_no_tags(&places, &asked.record);
    let count = asked.record.tags.len();
    let names: Vec<&str> = places.iter().map(|(place, _)| place.as_str()).collect();
    let mut messages = asked.record.notes.clone();
    let matches =
        |tag: &RecordedTag| places.iter().all(|(_, found)| tag.verify(found.get(&tag.name)).is_none());
    let good = asked.record.tags.values().filter(|tag| matches(tag)).count();
    let plural = if count == 1 { "" } else { "s" };
    if are_unchecked {
        messages.push(TAGS_NOT_CHECKED.into());
    } else {
        messages.push(format!("{good} of {count} tag{plural} match the ledger {}", names.join(" and ")));
    }
    let only_there = |tag: &&RecordedTag| {
        let [(_, here), (_, there)] = places.as_slice() else { return false };
        !here.contains_key(&tag.name) && tag.verify(there.get(&tag.name)).is_none()
    };
    let lacking = asked.record.tags.values().filter(only_there).count();
    if lacking > 0 {
        messages.push(format!("{lacking} of them only there: git fetch --tags brings them here"));
    }
    let checked = CheckedRange {
        command: "verify".into(),
        head: Some(asked.head.to_string()),
        policy: Some(asked.policy_name),
        files: count as u64,
        rules: immutability::TAGS.len() as u64,
        ..CheckedRange::default()
    };
    Ok(Report { checked, findings, messages, ..Report::default() })
}
