//! What follows on GitHub: the pull request of a record, the release workflow, and published releases.

use forge::{Error, GitHub, PullRequest, Release, ReleaseText};
use repo::Repository;
use snapshot::Snapshot as _;
use tlog::Hash;

use crate::arguments::WriterArgument;
use crate::environment::variable;
use crate::error::CommandError;
use crate::guard::post_merge::PostMergeOutcome;
use crate::release::pack::Packed;

/// The largest file of a release that is compared with the published one: an archive has some megabytes.
const MAX_RELEASE_FILE_BYTES: u64 = 1 << 30;
/// The workflow that releases tagged versions.
const RELEASE_WORKFLOW: &str = "id-release.yml";

/// Creates the pull request of a record and starts the release of its tags. Returns what was done, for the log.
pub(super) fn follow_up(
    repository: &Repository,
    writer: WriterArgument,
    done: &PostMergeOutcome,
) -> Result<String, CommandError> {
    let github = connect(repository);
    let mut log = String::new();
    if let Some(branch) = done.branch.as_deref().filter(|_| writer == WriterArgument::PullRequest) {
        let request = PullRequest {
            base: &done.mainline,
            head: branch,
            title: "Record what was merged",
            body: "Made by id-guard post-merge.",
        };
        github
            .create_pull_request(request)
            .map_err(|error| failed("cannot create the pull request", error, "pull-requests: write"))?;
        log += &format!("proposed {branch}\n");
    }
    if !done.tags.is_empty() && has_release_workflow(repository, done)? {
        let tags = format!("tags={}", done.tags.join(" "));
        github.start_workflow(RELEASE_WORKFLOW, &done.mainline, &tags).map_err(|error| {
            let by_hand =
                format!("gh workflow run {RELEASE_WORKFLOW} --ref {} --field '{tags}'", done.mainline);
            CommandError::failed_with(
                format!("cannot start the release workflow: {error}"),
                format!("start it manually: {by_hand}"),
            )
        })?;
        log += &format!("started {RELEASE_WORKFLOW}\n");
    }
    Ok(log)
}

/// Publishes a release, first as a draft: a published release never changes. Returns `false` if it was published before.
pub(super) fn publish(repository: &Repository, packed: &Packed) -> Result<bool, CommandError> {
    let github = connect(repository);
    let tag = packed.tag.as_str();
    let existing = github
        .release(tag)
        .map_err(|error| failed(&format!("cannot look up the release of {tag}"), error, "contents: read"))?;
    if let Some(release) = &existing {
        refuse_foreign(packed, release)?;
        if !release.is_draft {
            return Ok(false);
        }
    }
    let notes_file = packed.notes.display().to_string();
    let files: Vec<String> =
        packed.files.iter().map(|file| packed.folder.join(file).display().to_string()).collect();
    let text = ReleaseText { title: &packed.title, notes_file: &notes_file };
    let create = || if existing.is_none() { github.create_draft(tag, text) } else { Ok(()) };
    create()
        .and_then(|()| github.upload(tag, &files))
        // An existing draft can have any title and notes: they are replaced.
        .and_then(|()| github.publish_draft(tag, text))
        .map_err(|error| failed(&format!("cannot release {tag}"), error, "contents: write"))?;
    Ok(true)
}

/// Refuses a release that contains other files than the packed ones.
fn refuse_foreign(packed: &Packed, release: &Release) -> Result<(), CommandError> {
    let foreign = |what: String| {
        CommandError::refused(
            format!("a release of {} already exists and {what}", packed.tag),
            "find out who created it; nothing was published",
        )
    };
    for asset in &release.assets {
        let name = &asset.name;
        let Some(file) = packed.files.iter().find(|file| *file == name) else {
            return Err(foreign(format!("contains another file: {name}")));
        };
        let bytes = repo::disk::read(&packed.folder.join(file), MAX_RELEASE_FILE_BYTES)?.unwrap_or_default();
        let digest = format!("sha256:{}", Hash::of(&bytes).hex());
        // The files of a draft are uploaded again, and a proof differs with every checkpoint.
        let is_proof = packed.proof.as_ref() == Some(file);
        if !release.is_draft
            && !is_proof
            && asset.digest.as_ref().is_some_and(|published| *published != digest)
        {
            return Err(foreign(format!("has different content in {name}")));
        }
    }
    let is_published = |file: &String| release.assets.iter().any(|asset| asset.name == *file);
    // A version that was released while the ledger was unsigned has no proof.
    let is_due = |file: &&String| packed.proof.as_ref() != Some(*file) && !is_published(file);
    match packed.files.iter().find(is_due) {
        Some(file) if !release.is_draft => Err(foreign(format!("lacks a file: {file}"))),
        _ => Ok(()),
    }
}

fn has_release_workflow(repository: &Repository, done: &PostMergeOutcome) -> Result<bool, CommandError> {
    let Some(head) = done.head else { return Ok(false) };
    let path = format!(".github/workflows/{RELEASE_WORKFLOW}");
    Ok(repository.commit(head)?.find(&path.as_str().into())?.is_some())
}

/// Uses the token and the repository of the workflow run.
fn connect(repository: &Repository) -> GitHub {
    let mut github = GitHub::new(repository.git_directory());
    if let Some(token) = variable("INPUT_TOKEN") {
        github = github.with_token(token);
    }
    if let Some(name) = variable("GITHUB_REPOSITORY") {
        github = github.with_repository(name);
    }
    github
}

fn failed(what: &str, error: Error, permission: &str) -> CommandError {
    let help = match &error {
        Error::NotRunnable { .. } => "install GitHub's gh on the runner".into(),
        Error::Failed { .. } => format!("check the permissions of the token ({permission})"),
        Error::UnexpectedOutput { .. } => "update GitHub's gh".into(),
    };
    CommandError::failed_with(format!("{what}: {error}"), help)
}
