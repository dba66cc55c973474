//! `id-release pack`: packs the recorded files of a published version into a reproducible archive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archive::{Entry, gzip, tar};
use artifact::CardDetails;
use artifact::id_card::MAX_CARD_BYTES;
use artifact::layout::CARDS;
use diagnostic::sanitise;
use ledger::files::InSnapshot;
use registry::tags::{RecordedTag, TagMismatch, recorded};
use repo::{Commit, Repository};
use snapshot::{Kind, Mode, Node, ObjectId, RepoPath, Snapshot};
use tlog::Hash;

use super::evidence::{Evidence, evidence};
use crate::arguments::PackArguments;
use crate::base;
use crate::error::CommandError;
use crate::output::warn;
use crate::session::open;

/// The size of a packed file. Published files are not larger.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// What was packed of one tag.
pub(crate) struct Packed {
    /// The tag.
    pub(crate) tag: String,
    /// What the release is called.
    pub(crate) title: String,
    /// The directory of the files.
    pub(crate) folder: PathBuf,
    /// The files of the release, by name.
    pub(crate) files: Vec<String>,
    /// The one of them that proves that the ledger contains the version; a later checkpoint gives another one.
    pub(crate) proof: Option<String>,
    /// The notes of the release.
    pub(crate) notes: PathBuf,
}

pub(super) fn run(arguments: &PackArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.place.repo)?;
    let commit = repository.commit(base::commit(&repository, &arguments.rev)?)?;
    refuse_moved_tags(&repository, &commit, &arguments.tags)?;
    if !arguments.include_private {
        refuse_private(&commit, &arguments.tags)?;
    }
    let packed = pack(&repository, &arguments.rev, &arguments.tags, &arguments.out)?;
    let line = |packed: &Packed| {
        let files: Vec<String> =
            packed.files.iter().map(|file| packed.folder.join(file).display().to_string()).collect();
        format!("packed {}: {}\n", sanitise::text(&packed.tag), sanitise::text(&files.join(", ")))
    };
    Ok(packed.iter().map(line).collect())
}

/// Refuses tags of this clone that name another commit than the ledger, or have other content. A tag that was not fetched proves nothing.
fn refuse_moved_tags(
    repository: &Repository,
    commit: &Commit<'_>,
    tags: &[String],
) -> Result<(), CommandError> {
    let record = recorded(&InSnapshot(commit))?;
    let here = crate::tag::local(repository, &record)?;
    for tag in tags.iter().filter_map(|name| record.tags.get(name)) {
        let what = match tag.verify(here.get(&tag.name)) {
            Some(TagMismatch::Moved { found, .. }) => format!("was moved: it names {}", found.short()),
            Some(TagMismatch::ContentDiffers { .. }) => "has different content".into(),
            // A checkout of the tag alone makes it a lightweight one, of the same commit.
            None | Some(TagMismatch::Missing | TagMismatch::Lightweight) => continue,
        };
        return Err(CommandError::refused(
            format!("tag {} {what}; the ledger records commit {}", tag.name, tag.commit),
            "nothing was packed; id-tag verify shows all of them",
        ));
    }
    Ok(())
}

/// Refuses plugins that are private.
fn refuse_private(commit: &Commit<'_>, tags: &[String]) -> Result<(), CommandError> {
    match private_tags(commit, tags)?.first() {
        None => Ok(()),
        Some(name) => Err(CommandError::refused(
            format!("{name} is of a private plugin"),
            "nothing was packed; to pack it all the same, pass --include-private",
        )),
    }
}

/// Returns the tags whose plugins are private: their ID cards declare it at this commit, or where they were published.
pub(crate) fn private_tags(commit: &Commit<'_>, tags: &[String]) -> Result<Vec<String>, CommandError> {
    let record = recorded(&InSnapshot(commit))?;
    let mut private = Vec::new();
    for tag in tags.iter().filter_map(|name| record.tags.get(name)) {
        let card = RepoPath::from(CARDS).join(format!("{}.yaml", tag.ulid).as_bytes());
        let node = commit.find(&card)?.filter(|node| node.object.mode.kind() == Kind::File);
        let node = node.ok_or_else(|| {
            CommandError::refused(
                format!("{}: ID card not found: {}", tag.name, diagnostic::sanitise::path(&card)),
                "restore it: nobody knows without it whether the plugin is private",
            )
        })?;
        let text = commit.read(&node, MAX_CARD_BYTES as u64)?;
        if !CardDetails::read(&text).is_public {
            private.push(tag.name.clone());
        }
    }
    Ok(private)
}

/// Packs each tag into its own directory; nothing is written before all tags are verified.
pub(crate) fn pack(
    repository: &Repository,
    rev: &str,
    tags: &[String],
    out: &Path,
) -> Result<Vec<Packed>, CommandError> {
    let commit = repository.commit(base::commit(repository, rev)?)?;
    let record = recorded(&InSnapshot(&commit))?;
    if let Some(fault) = record.faults.first() {
        return Err(CommandError::refused(
            format!("{}: {}", fault.file, fault.message),
            "id-ledger verify shows all problems",
        ));
    }
    let mut made = Vec::new();
    let mut folders: BTreeMap<String, &String> = BTreeMap::new();
    for name in tags {
        if let Some(other) = folders.insert(folder_of_tag(name), name).filter(|other| *other != name) {
            return Err(CommandError::refused(
                format!("{other} and {name} would be packed into the same directory"),
                "pack them one by one, each with its own --out",
            ));
        }
        let tag = record.tags.get(name).ok_or_else(|| {
            CommandError::refused(format!("tag not found in the ledger: {name}"), "id-tag plan lists them")
        })?;
        if tag.kind != "plugin" {
            return Err(CommandError::refused(
                format!("{name} publishes a {}, not a plugin", tag.kind),
                "only plugins can be packed",
            ));
        }
        made.push((tag, archive(repository, tag)?));
    }
    let tags: Vec<&RecordedTag> = made.iter().map(|(tag, _)| *tag).collect();
    let evidence = evidence(&InSnapshot(&commit), &tags)?;
    made.into_iter().zip(evidence).map(|((tag, bytes), known)| write(tag, &bytes, &known, out)).collect()
}

/// Packs the recorded tree, if its digest is the recorded one.
fn archive(repository: &Repository, tag: &RecordedTag) -> Result<Vec<u8>, CommandError> {
    let differs = |what: String| {
        CommandError::refused(
            format!("{}: {what}", tag.name),
            "id-ledger verify --rederive shows all problems",
        )
    };
    let tree = tag.tree.as_deref().and_then(|id| ObjectId::from_hex(id.as_bytes()));
    let tree = tree.and_then(|id| repository.tree(id)).ok_or_else(|| {
        CommandError::failed_with(
            format!("{}: the tree that was published is not here", tag.name),
            "fetch the whole history: git fetch --unshallow",
        )
    })?;
    let root = tree.root()?;
    let digest = artifact::content::digest(&tree, &root)?.hex();
    if digest != tag.sha256 {
        return Err(differs(format!(
            "its files have the digest {digest}, but the ledger records {}",
            tag.sha256
        )));
    }
    let top = folder_of(tag);
    let mut entries = Vec::new();
    let mut pending = vec![root];
    while let Some(directory) = pending.pop() {
        for entry in tree.list(&directory)?.iter() {
            let node = Node { path: directory.path.join(entry.name), object: entry.object };
            let path = || {
                std::str::from_utf8(node.path.as_bytes())
                    .map(|path| format!("{top}/{path}"))
                    .map_err(|_| differs("a path is not UTF-8".into()))
            };
            match node.object.mode {
                Mode::Directory => pending.push(node),
                Mode::File | Mode::Executable => {
                    let bytes = tree.read(&node, MAX_FILE_BYTES)?;
                    entries.push(Entry {
                        path: path()?,
                        executable: node.object.mode == Mode::Executable,
                        bytes,
                    });
                }
                _ => return Err(differs(format!("{:?} is neither a file nor a folder", node.path))),
            }
        }
    }
    let time = u64::try_from(tag.time).unwrap_or_default();
    let packed = tar(entries, time).and_then(|bytes| gzip(&bytes));
    packed.map_err(|error| differs(error.to_string()))
}

/// Returns the name of the archive and its directory: `PLG_LOCAL_PREVIEW-1.0.0`. Keys and versions contain no path separator.
fn folder_of(tag: &RecordedTag) -> String {
    format!("{}-{}", tag.key, tag.version)
}

/// Returns the name of the output directory of a tag.
fn folder_of_tag(name: &str) -> String {
    name.replace('/', "--")
}

fn write(tag: &RecordedTag, archive: &[u8], evidence: &Evidence, out: &Path) -> Result<Packed, CommandError> {
    if evidence.is_yanked {
        warn(&format!("{}: this version was yanked; NOTES.md contains the reason", tag.name));
    }
    // One directory per tag, with a safe name.
    let folder = out.join(folder_of_tag(&tag.name));
    repo::disk::make_directory(&folder)?;
    let name = format!("{}.tar.gz", folder_of(tag));
    let proof = format!("{}.tlog-proof", folder_of(tag));
    let sums = format!("{}  {name}\n", Hash::of(archive).hex());
    let notes = notes(tag, evidence, &proof);
    let mut files: Vec<(&str, &[u8])> =
        vec![(&name, archive), ("SHA256SUMS", sums.as_bytes()), ("NOTES.md", notes.as_bytes())];
    files.extend(evidence.proof.as_ref().map(|text| (&*proof, text.as_bytes())));
    for (name, bytes) in files {
        repo::disk::write(&folder.join(name), bytes)?;
    }
    let proof = evidence.proof.is_some().then_some(proof);
    Ok(Packed {
        tag: tag.name.clone(),
        title: format!("{} {}", tag.key, tag.version),
        notes: folder.join("NOTES.md"),
        files: [name, "SHA256SUMS".into()].into_iter().chain(proof.clone()).collect(),
        proof,
        folder,
    })
}

fn notes(tag: &RecordedTag, evidence: &Evidence, proof: &str) -> String {
    let withdrawn: String = evidence.notes.iter().map(|note| format!("- {note}\n")).collect();
    let proven = if evidence.proof.is_some() {
        format!("proved by `{proof}`")
    } else {
        "not proved: the ledger is unsigned".into()
    };
    format!(
        "{} {}\n\n{withdrawn}- identity: `{}`\n- commit: `{}`\n- content: `sha256:{}`\n- recorded: line {} of the ledger `{}`, {proven}\n\n\
         Verify what was unpacked: `find . -type f -print0 | cut -zc3- | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum`\n",
        tag.key,
        tag.version,
        tag.ulid,
        tag.commit,
        tag.sha256,
        tag.line + 1,
        tag.origin,
    )
}
