//! TagCreator tags, here and at a remote: each once, none over another.

use std::collections::BTreeMap;

use policy::{Policy, WriterSettings};
use registry::tags::{RecordedTag, RecordedTags, TagMismatch, TagState};
use repo::{ObjectKind, Repository};
use snapshot::ObjectId;

use super::{local, remote};
use crate::environment;
use crate::error::CommandError;

/// The most refs that are named on a command line; more go through refs of their own.
const MAX_NAMED_TAGS: usize = 100;
/// Where a tag is kept while another one of its name is signed.
const ASIDE: &str = "refs/id-guard/aside";
/// Where what is to be pushed is named meanwhile.
const STAGE: &str = "refs/id-guard/push";

/// Returns whether git's configuration signs: `commit.gpgSign`, `tag.gpgSign`.
pub(crate) fn signs(repository: &Repository, setting: &str) -> Result<bool, CommandError> {
    let output = repository.git(&["config", "--type=bool", "--get", setting], &[], &[])?;
    Ok(output.succeeded() && output.stdout.starts_with(b"true"))
}

/// How tags are made.
pub(crate) struct TagCreator<'m> {
    pub(crate) repository: &'m Repository,
    pub(crate) policy: &'m Policy,
    pub(crate) signed: bool,
}

/// The missing tags of a record, and the tags that conflict.
#[derive(Default)]
pub(crate) struct Due<'t> {
    /// Tags that are missing at the place that counts.
    pub(crate) missing: Vec<&'t RecordedTag>,
    /// Tags that are something else, in words that name both objects.
    pub(crate) incidents: Vec<String>,
    /// Published versions of which no tag can be made.
    pub(crate) untagged: Vec<String>,
}

/// What was done about the tags of a record.
pub(super) struct Applied {
    pub(super) printed: String,
    /// Tags that are something else.
    pub(super) incidents: Vec<String>,
    /// Published versions of which no tag can be made.
    pub(super) untagged: Vec<String>,
}

/// Compares the tags of a place with a record. Differences that the policy allows are ignored.
pub(crate) fn due<'t>(
    record: &'t RecordedTags,
    found: &BTreeMap<String, TagState>,
    place: &str,
    policy: &Policy,
) -> Due<'t> {
    let mut due = Due::default();
    let reported =
        record.untagged.iter().filter(|version| !tolerated(policy, "IMM030", "tag-missing", version.line));
    due.untagged.extend(reported.filter_map(|version| version.problem(&policy.tags)));
    for tag in record.tags.values() {
        let (code, rule, is) = match tag.verify(found.get(&tag.name)) {
            None => continue,
            Some(TagMismatch::Missing) => match in_the_way(&tag.name, found) {
                None => {
                    due.missing.push(tag);
                    continue;
                }
                Some(other) => ("IMM030", "tag-missing", format!("cannot be made beside the tag {other}")),
            },
            Some(TagMismatch::Moved { found, .. }) => ("IMM029", "tag-moved", format!("names {found}")),
            Some(TagMismatch::Lightweight) => ("IMM031", "tag-altered", "is not an annotated tag".into()),
            Some(TagMismatch::ContentDiffers { found }) => {
                ("IMM031", "tag-altered", format!("is {found}, with different content"))
            }
        };
        if !tolerated(policy, code, rule, tag.line) {
            due.incidents.push(format!(
                "the tag {} {is} {place}, and the ledger records commit {}: it is not moved",
                tag.name, tag.commit
            ));
        }
    }
    due
}

/// Returns whether the policy allows such a difference: by the rule's level, or by a waiver.
fn tolerated(policy: &Policy, code: &str, rule: &str, line: u64) -> bool {
    use ledger::files::{FOLDER, SEGMENT, segment_name};
    let ledger = format!("{FOLDER}/{}", segment_name(line / SEGMENT));
    let today = environment::today();
    let waived =
        |waiver: &policy::Waiver| !waiver.is_expired(today) && waiver.covers(code, ledger.as_bytes(), None);
    policy.levels.get(rule).is_some_and(|level| *level != diagnostic::Level::Deny)
        || policy.waivers.iter().any(waived)
}

/// Finds a tag beside which git can make no tag of a name: one below it, or one that it would lie below.
fn in_the_way(name: &str, found: &BTreeMap<String, TagState>) -> Option<String> {
    let below = format!("{name}/");
    let first =
        found.range(below.clone()..).next().map(|(other, _)| other).filter(|other| other.starts_with(&below));
    let above =
        || name.match_indices('/').map(|(at, _)| &name[..at]).find(|above| found.contains_key(*above));
    first.cloned().or_else(|| above().map(String::from))
}

impl TagCreator<'_> {
    /// Makes what is missing, here and at the remote; returns what was done, and the incidents.
    pub(super) fn apply(
        &self,
        record: &RecordedTags,
        at: Option<&str>,
        dry_run: bool,
    ) -> Result<Applied, CommandError> {
        let mut printed = String::new();
        let mut incidents = Vec::new();
        if let Some(name) = at {
            let there = remote(self.repository, name, record)?;
            let due = due(record, &there, &format!("at {name}"), self.policy);
            incidents.extend(due.incidents);
            if dry_run {
                due.missing.iter().for_each(|tag| printed += &format!("would make {} at {name}\n", tag.name));
            } else {
                let made = self.objects(&due.missing)?;
                if !made.is_empty() {
                    push(self.repository, name, None, &made)?;
                }
                made.keys().for_each(|tag| printed += &format!("made {tag} at {name}\n"));
            }
        }
        let due = due(record, &local(self.repository, record)?, "here", self.policy);
        incidents.extend(due.incidents);
        if dry_run {
            due.missing.iter().for_each(|tag| printed += &format!("would make {} here\n", tag.name));
        } else {
            let made = self.objects(&due.missing)?;
            self.name(&made)?;
            made.keys().for_each(|tag| printed += &format!("made {tag} here\n"));
        }
        if printed.is_empty() {
            printed = "nothing to make\n".into();
        }
        Ok(Applied { printed, incidents, untagged: due.untagged })
    }

    /// Makes the objects of tags; a tag that is here already is taken as it is.
    pub(crate) fn objects(&self, tags: &[&RecordedTag]) -> Result<BTreeMap<String, ObjectId>, CommandError> {
        let mut made = BTreeMap::new();
        // With the policy of the published version, so that the tag is the same at any time.
        let writers = engine::writers(self.repository);
        for tag in tags {
            if !self.repository.objects().contains(tag.commit) {
                return Err(CommandError::failed_with(
                    format!("commit {}, which published {}, is not here", tag.commit, tag.name),
                    "fetch the whole history: git fetch --unshallow",
                ));
            }
            let name = format!("refs/tags/{}", tag.name);
            let id = match self.repository.reference(&name)? {
                // Made by an earlier run, perhaps signed: the same again would have another signature.
                Some(id) if self.is_ours(tag, id)? => id,
                other if self.signed => self.sign(tag, &writers(tag.commit)?, other)?,
                _ => {
                    let writer = writers(tag.commit)?;
                    let object = tag.object(&writer.name, &writer.email);
                    self.repository.write_object(ObjectKind::Tag, &object)?
                }
            };
            made.insert(tag.name.clone(), id);
        }
        Ok(made)
    }

    fn is_ours(&self, tag: &RecordedTag, id: ObjectId) -> Result<bool, CommandError> {
        let commit = self.repository.objects().peel_to_commit(id).ok();
        let lightweight = commit == Some(id);
        let object = if lightweight { None } else { self.repository.tag_object(id) };
        Ok(tag.verify(Some(&TagState { id, commit, object, lightweight })).is_none())
    }

    /// Lets git create and sign a tag with its configuration. Git names it at once: a tag of that name that is something else is put
    /// aside for as long.
    fn sign(
        &self,
        tag: &RecordedTag,
        writer: &WriterSettings,
        other: Option<ObjectId>,
    ) -> Result<ObjectId, CommandError> {
        let (name, aside) = (format!("refs/tags/{}", tag.name), format!("{ASIDE}/{}", tag.name));
        if let Some(other) = other {
            update_refs(self.repository, &format!("update {aside} {other}\ndelete {name} {other}\n"))?;
        }
        let date = format!("@{} +0000", tag.time.max(0));
        let variables = [
            ("GIT_COMMITTER_NAME", writer.name.as_str()),
            ("GIT_COMMITTER_EMAIL", &writer.email),
            ("GIT_COMMITTER_DATE", &date),
        ];
        let commit = tag.commit.to_string();
        let arguments = ["tag", "--sign", "--cleanup=verbatim", "--file=-", "--", &tag.name, &commit];
        let output = self.repository.git(&arguments, tag.message().as_bytes(), &variables)?;
        let signed = output
            .or_refused(&format!("the tag {} cannot be signed", tag.name))
            .and_then(|_| self.repository.reference(&name));
        if let Some(other) = other {
            update_refs(self.repository, &format!("update {name} {other}\ndelete {aside}\n"))?;
        }
        signed?.ok_or_else(|| CommandError::failed(format!("git made no tag {}", tag.name)))
    }

    /// Names tags here, all of them or none, and none over another.
    pub(crate) fn name(&self, tags: &BTreeMap<String, ObjectId>) -> Result<(), CommandError> {
        let mut commands = String::new();
        for (name, id) in tags {
            if self.repository.reference(&format!("refs/tags/{name}"))?.is_none() {
                commands += &format!("create refs/tags/{name} {id}\n");
            }
        }
        update_refs(self.repository, &commands)
    }
}

/// Changes refs, all of them or none.
pub(crate) fn update_refs(repository: &Repository, commands: &str) -> Result<(), CommandError> {
    if commands.is_empty() {
        return Ok(());
    }
    let output = repository.git(&["update-ref", "--stdin"], commands.as_bytes(), &[])?;
    output.or_refused("the refs cannot be written")?;
    Ok(())
}

/// Pushes a branch's commit and tags, all of them or none, without overwriting anything; an error contains the output of git.
pub(crate) fn push(
    repository: &Repository,
    to: &str,
    branch: Option<(&str, ObjectId)>,
    tags: &BTreeMap<String, ObjectId>,
) -> Result<(), CommandError> {
    let mut refspecs: Vec<String> =
        branch.iter().map(|(name, id)| format!("{id}:refs/heads/{name}")).collect();
    let many = tags.len() > MAX_NAMED_TAGS;
    let staged = |command: &str| -> String {
        tags.iter().map(|(name, id)| format!("{command} {STAGE}/{name} {id}\n")).collect()
    };
    if many {
        // What a run that ended on the way left there is not pushed.
        let listed = repository.git(&["for-each-ref", "--format=delete %(refname)", STAGE], &[], &[])?;
        let listed = listed.or_refused("the refs cannot be read")?;
        update_refs(repository, &String::from_utf8_lossy(&listed))?;
        update_refs(repository, &staged("create"))?;
        refspecs.push(format!("{STAGE}/*:refs/tags/*"));
    } else {
        refspecs.extend(tags.iter().map(|(name, id)| format!("{id}:refs/tags/{name}")));
    }
    // A remote that is a mirror takes no branch by its name (git-config(1), `remote.<name>.mirror`).
    let mirror = format!("remote.{to}.mirror=false");
    let mut arguments =
        vec!["-c", &mirror, "push", "--quiet", "--no-verify", "--atomic", "--no-force", "--", to];
    arguments.extend(refspecs.iter().map(String::as_str));
    let output = repository.git(&arguments, &[], &[])?;
    if many {
        update_refs(repository, &staged("delete"))?;
    }
    match output.succeeded() {
        true => Ok(()),
        false => Err(CommandError::failed_with(
            format!("{to} did not take it: {}", output.stderr),
            "nothing was published; where the branch is protected: --writer pull-request, or --writer branch",
        )),
    }
}
