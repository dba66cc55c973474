//! The artifact that a proven line records: a file, a directory, or a release archive, of which nothing is unpacked on disk.

use std::path::Path;

use ledger::Event;
use snapshot::{Memory, Mode, ObjectId, RepoPath, Snapshot as _};
use tlog::Hash;

use crate::error::CommandError;

/// The largest artifact that is read: twice what can be published.
const MAX_ARTIFACT_BYTES: u64 = 512 << 20;
/// The first bytes of gzip (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An artifact that was compared with a line.
pub(super) struct Artifact {
    pub(super) path: String,
    pub(super) digest: Hash,
    /// What it is: the published content, or the card.
    pub(super) is: Option<&'static str>,
    /// Why it is not what the line records.
    pub(super) problem: Option<String>,
}

/// What an artifact is digested from.
struct Content {
    digest: Hash,
    /// The content of the file, or the lines of the directory.
    bytes: Vec<u8>,
    is_directory: bool,
}

impl Content {
    fn of(bytes: Vec<u8>, is_directory: bool) -> Content {
        Content { digest: ledger::sha256(&bytes), bytes, is_directory }
    }
}

/// Compares an artifact with the content that a line records.
pub(super) fn compare(path: &Path, event: &Event<'_>) -> Result<Artifact, CommandError> {
    let named = event.text("sha256").and_then(|text| Hash::from_hex(&text));
    let recorded: Vec<Hash> = named.into_iter().chain(event.card_sha256).collect();
    let mut content = if path.is_dir() { directory(path)? } else { file(path)? };
    let is_archive = !content.is_directory && content.bytes.starts_with(&GZIP);
    if is_archive && !recorded.contains(&content.digest) {
        content = unpacked(path, &content.bytes)?;
    }
    let shown = path.display().to_string();
    let digest = content.digest;
    let problem = problem(&shown, event, named, &recorded, &content)?;
    let is = if named == Some(digest) { "the published content" } else { "the card" };
    Ok(Artifact { path: shown, digest, is: problem.is_none().then_some(is), problem })
}

fn problem(
    shown: &str,
    event: &Event<'_>,
    named: Option<Hash>,
    recorded: &[Hash],
    content: &Content,
) -> Result<Option<String>, CommandError> {
    let Some(expected) = recorded.first() else {
        return Ok(Some(format!(
            "{} names no content: prove a published version, such as PLG_LOCAL_PREVIEW@1.0.0",
            event.kind.name()
        )));
    };
    if !recorded.contains(&content.digest) {
        return Ok(Some(format!(
            "{shown} has SHA-256 {}, and the line names {}: it is not what was published, or not all of it",
            content.digest.hex(),
            expected.hex()
        )));
    }
    // A file can contain the lines of a directory, and then has its digest.
    let object = event.text("tree").and_then(|text| ObjectId::from_hex(text.as_bytes()));
    if let Some(object) = object.filter(|_| named == Some(content.digest)) {
        let was_file = repo::Objects::blob_id_like(object, &content.bytes)? == object;
        if was_file == content.is_directory {
            let [is, was] = if content.is_directory { ["directory", "file"] } else { ["file", "directory"] };
            return Ok(Some(format!("{shown} is a {is}, and a {was} was published")));
        }
    }
    Ok(None)
}

fn file(path: &Path) -> Result<Content, CommandError> {
    let bytes = repo::disk::read(path, MAX_ARTIFACT_BYTES)?;
    let missing = || CommandError::failed(format!("file not found: {}", path.display()));
    Ok(Content::of(bytes.ok_or_else(missing)?, false))
}

/// Reads a directory as it is published.
fn directory(path: &Path) -> Result<Content, CommandError> {
    let mut memory = Memory::new();
    let root = RepoPath::from("artifact");
    for file in repo::disk::files(path, MAX_ARTIFACT_BYTES)? {
        memory.insert(root.join(&file.path), file.mode, file.bytes);
    }
    listing(path, &memory, &root)
}

/// Reads a release archive: the files of one directory.
fn unpacked(path: &Path, bytes: &[u8]) -> Result<Content, CommandError> {
    let refuse = |message: String| CommandError::refused(format!("{}: {message}", path.display()), "");
    let entries = archive::unpack(bytes).map_err(|error| refuse(error.to_string()))?;
    if entries.is_empty() {
        return Err(refuse("the archive is empty".into()));
    }
    let mut memory = Memory::new();
    let root = RepoPath::from("artifact");
    let top = entries.first().and_then(|entry| Some(entry.path.split_once('/')?.0.to_string()));
    for entry in entries {
        let inside = entry.path.split_once('/').filter(|(first, _)| Some(*first) == top.as_deref());
        let (_, inside) = inside.ok_or_else(|| {
            refuse("the archive of a release contains one directory, and this one has other entries".into())
        })?;
        let mode = if entry.executable { Mode::Executable } else { Mode::File };
        memory.insert(root.join(inside.as_bytes()), mode, entry.bytes);
    }
    listing(path, &memory, &root)
}

fn listing(path: &Path, memory: &Memory, root: &RepoPath) -> Result<Content, CommandError> {
    let empty = || CommandError::failed(format!("{} is empty", path.display()));
    let node = memory.find(root)?.ok_or_else(empty)?;
    Ok(Content::of(artifact::content::listing(memory, &node)?, true))
}
