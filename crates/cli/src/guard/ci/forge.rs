//! What only GitHub can do, asked of its own program `gh`: propose a branch, start the release, publish it.

use artifact::{Limits, Syntax, Value, parse};
use repo::{GitOutput, Repository};
use snapshot::Snapshot as _;
use tlog::Hash;

use crate::arguments::WriterArgument;
use crate::environment::variable;
use crate::error::CommandError;
use crate::guard::post_merge::Done;
use crate::release::pack::Packed;

/// The largest file of a release that is read, in bytes.
const LARGEST: u64 = 1 << 30;
/// The workflow that releases what was tagged.
const RELEASE: &str = "id-release.yml";

/// Asks for what follows from a record: a pull request for its branch, a release of its tags. Returns what to tell.
pub(super) fn follow(
    repository: &Repository,
    writer: WriterArgument,
    done: &Done,
) -> Result<String, CommandError> {
    let mut told = String::new();
    if let Some(branch) = done.branch.as_deref().filter(|_| writer == WriterArgument::PullRequest) {
        let said = gh(
            repository,
            &[
                "pr",
                "create",
                "--base",
                &done.mainline,
                "--head",
                branch,
                "--title",
                "Record what was merged",
                "--body",
                "Made by id-guard post-merge.",
            ],
        )?;
        // What is proposed already is said by `gh`, and is as it should be.
        if !said.succeeded() && !said.stderr.contains("already exists") {
            return Err(failed("the record cannot be proposed", &said, "pull-requests: write"));
        }
        told += &format!("proposed {branch}\n");
    }
    if !done.tags.is_empty() && has_release(repository, done)? {
        let tags = format!("tags={}", done.tags.join(" "));
        let said = gh(repository, &["workflow", "run", RELEASE, "--ref", &done.mainline, "--field", &tags])?;
        if !said.succeeded() {
            let again = format!(
                "start it by hand: gh workflow run {RELEASE} --ref {} --field '{tags}'",
                done.mainline
            );
            return Err(CommandError::failed(format!(
                "the release cannot be started: {}; {again}",
                said.stderr
            )));
        }
        told += &format!("started {RELEASE}\n");
    }
    Ok(told)
}

/// Publishes a release: as a draft until it is whole, since a published release never changes. Returns whether it was not there yet.
pub(super) fn publish(repository: &Repository, packed: &Packed) -> Result<bool, CommandError> {
    let tag = packed.tag.as_str();
    let seen = gh(repository, &["release", "view", tag, "--json", "isDraft,assets"])?;
    // `gh` says so of what is not there; anything else is no answer.
    if !seen.succeeded() && !seen.stderr.contains("not found") {
        return Err(failed(&format!("it is not known whether {tag} is released"), &seen, "contents: read"));
    }
    let is_there = seen.succeeded();
    if is_there && !refuse_foreign(packed, &seen)? {
        return Ok(false);
    }
    let notes = packed.notes.display().to_string();
    let files: Vec<String> =
        packed.files.iter().map(|file| packed.folder.join(file).display().to_string()).collect();
    let mut upload = vec!["release", "upload", tag, "--clobber"];
    upload.extend(files.iter().map(String::as_str));
    let words = ["--title", &packed.title, "--notes-file", &notes];
    let create = [&["release", "create", tag, "--draft", "--verify-tag"][..], &words].concat();
    // A draft that stood there may say anything: it says what this release says.
    let edit = [&["release", "edit", tag, "--draft=false"][..], &words].concat();
    let steps: [(&[&str], bool); 3] = [(&create, !is_there), (&upload, true), (&edit, true)];
    for (step, _) in steps.into_iter().filter(|(_, due)| *due) {
        let said = gh(repository, step)?;
        if !said.succeeded() {
            return Err(failed(&format!("{tag} cannot be released"), &said, "contents: write"));
        }
    }
    Ok(true)
}

/// Refuses a release that holds other files than what was packed; returns whether it is still a draft.
fn refuse_foreign(packed: &Packed, seen: &GitOutput) -> Result<bool, CommandError> {
    let tag = &packed.tag;
    let foreign = |what: String| CommandError::Gate {
        message: format!("a release of {tag} stands already, and {what}"),
        help: "find out who made it; nothing was published".into(),
    };
    let answer = parse(Syntax::Json, &seen.stdout, &Limits::default())
        .map_err(|error| CommandError::failed(format!("what gh says of {tag} cannot be read: {error}")))?;
    let is_draft = answer.get("isDraft").and_then(Value::as_bool).unwrap_or(false);
    let mut here: Vec<&str> = Vec::new();
    for asset in answer.get("assets").and_then(Value::as_list).unwrap_or_default() {
        let text = |name: &str| asset.get(name).and_then(Value::as_str);
        let name = text("name").unwrap_or_default();
        let Some(file) = packed.files.iter().find(|file| *file == name) else {
            return Err(foreign(format!("holds {name}, which is not of it")));
        };
        let bytes = repo::disk::read(&packed.folder.join(file), LARGEST)?.unwrap_or_default();
        let digest = format!("sha256:{}", Hash::of(&bytes).hex());
        // A draft's are uploaded again; older forges tell no digest.
        if !is_draft && text("digest").is_some_and(|told| told != digest) {
            return Err(foreign(format!("its {name} is another file than what was packed")));
        }
        here.push(name);
    }
    if !is_draft && packed.files.iter().any(|file| !here.contains(&file.as_str())) {
        return Err(foreign("lacks files of it".into()));
    }
    Ok(is_draft)
}

fn has_release(repository: &Repository, done: &Done) -> Result<bool, CommandError> {
    let Some(head) = done.head else { return Ok(false) };
    let path = format!(".github/workflows/{RELEASE}");
    Ok(repository.commit(head)?.find(&path.as_str().into())?.is_some())
}

fn gh(repository: &Repository, arguments: &[&str]) -> Result<GitOutput, CommandError> {
    let set = [("GH_TOKEN", variable("INPUT_TOKEN")), ("GH_REPO", variable("GITHUB_REPOSITORY"))];
    let set: Vec<(&str, String)> = set.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (*name, value.as_str())).collect();
    repository.gh(arguments, &set).map_err(|error| {
        CommandError::failed_with(
            format!("GitHub cannot be asked for: gh {}: {error}", arguments.join(" ")),
            "install GitHub's gh on the runner, or do by hand what was asked for",
        )
    })
}

fn failed(what: &str, said: &GitOutput, permission: &str) -> CommandError {
    CommandError::failed_with(
        format!("{what}: {}", said.stderr),
        format!("may the token do it ({permission})?"),
    )
}
