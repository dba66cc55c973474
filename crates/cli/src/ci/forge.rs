//! What only GitHub can do, asked of its own program `gh`: propose a branch, start the release, publish it.

use repo::{Repository, Said};
use snapshot::Snapshot as _;

use crate::arguments::WriterArgument;
use crate::environment::variable;
use crate::post_merge::Done;
use crate::refusal::Refusal;
use crate::release::pack::Packed;

/// The workflow that releases what was tagged.
const RELEASE: &str = "id-release.yml";

/// Asks for what follows from a record: a pull request for its branch, a release of its tags. Returns what to tell.
pub(super) fn follow(
    repository: &Repository,
    writer: WriterArgument,
    done: &Done,
) -> Result<String, Refusal> {
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
        if !said.ok && !said.error.contains("already exists") {
            return Err(failed("the record cannot be proposed", &said, "pull-requests: write"));
        }
        told += &format!("proposed {branch}\n");
    }
    if !done.tags.is_empty() && has_release(repository, done)? {
        let tags = format!("tags={}", done.tags.join(" "));
        let said = gh(repository, &["workflow", "run", RELEASE, "--ref", &done.mainline, "--field", &tags])?;
        if !said.ok {
            let again = format!(
                "start it by hand: gh workflow run {RELEASE} --ref {} --field '{tags}'",
                done.mainline
            );
            return Err(Refusal::failed(format!("the release cannot be started: {}; {again}", said.error)));
        }
        told += &format!("started {RELEASE}\n");
    }
    Ok(told)
}

/// Publishes a release: as a draft until it is whole, since a published release never changes. Returns whether it was not there yet.
pub(super) fn publish(repository: &Repository, packed: &Packed) -> Result<bool, Refusal> {
    let tag = packed.tag.as_str();
    let seen = gh(repository, &["release", "view", tag, "--json", "isDraft", "--jq", ".isDraft"])?;
    let state = String::from_utf8_lossy(&seen.out).trim().to_string();
    if seen.ok && state == "false" {
        return Ok(false);
    }
    let notes = packed.notes.display().to_string();
    let files: Vec<String> =
        packed.files.iter().map(|file| packed.folder.join(file).display().to_string()).collect();
    let mut upload = vec!["release", "upload", tag, "--clobber"];
    upload.extend(files.iter().map(String::as_str));
    let create: &[&str] = &[
        "release",
        "create",
        tag,
        "--draft",
        "--verify-tag",
        "--title",
        &packed.title,
        "--notes-file",
        &notes,
    ];
    let steps: [(&[&str], bool); 3] =
        [(create, !seen.ok), (&upload, true), (&["release", "edit", tag, "--draft=false"], true)];
    for (step, _) in steps.into_iter().filter(|(_, due)| *due) {
        let said = gh(repository, step)?;
        if !said.ok {
            return Err(failed(&format!("{tag} cannot be released"), &said, "contents: write"));
        }
    }
    Ok(true)
}

fn has_release(repository: &Repository, done: &Done) -> Result<bool, Refusal> {
    let Some(head) = done.head else { return Ok(false) };
    let path = format!(".github/workflows/{RELEASE}");
    Ok(repository.commit(head)?.find(&path.as_str().into())?.is_some())
}

fn gh(repository: &Repository, arguments: &[&str]) -> Result<Said, Refusal> {
    let set = [("GH_TOKEN", variable("INPUT_TOKEN")), ("GH_REPO", variable("GITHUB_REPOSITORY"))];
    let set: Vec<(&str, String)> = set.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(repository.gh(arguments, &set)?)
}

fn failed(what: &str, said: &Said, permission: &str) -> Refusal {
    Refusal::failed_with(format!("{what}: {}", said.error), format!("may the token do it ({permission})?"))
}
