//! `id-plugin sync`: writes the index of the plugins of other systems into a SQLite database, or compares it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, Level};
use dialect::{CapabilityRow, DiagnosticRow, FoundManifest, PluginIndex, PluginRow, Role};
use engine::{ManifestRequest, check_manifests, finish_existing};
use repo::Worktree;
use snapshot::{Mode, ObjectId, RepoPath};

use super::doctor;
use super::editor::Workbench;
use crate::arguments::SyncArguments;
use crate::environment;
use crate::error::CommandError;

/// Where the index is, if nobody names another file.
const DEFAULT: &str = ".id-guard/plugins.sqlite";
/// The directory that it is in.
const DIRECTORY: &str = ".id-guard";
/// The file that keeps git from committing what this program writes beside the index.
const IGNORE: (&str, &str) = (".id-guard/.gitignore", "*\n");
/// The size of an index: some million rows.
const MAX_INDEX_BYTES: u64 = 1 << 30;
/// What a file is that is not to be changed.
const NOT_AN_INDEX: &str = "not an id-guard index";

/// Why a database cannot be read or written.
type DatabaseError = Box<dyn std::error::Error>;

/// Reads and writes the index: a heavy library, so only the tool that needs it brings it.
#[derive(Debug, Clone, Copy)]
pub struct PluginDatabase {
    /// Returns whether the bytes of a file are those of an index, or of an empty file.
    pub is_index: fn(&[u8]) -> bool,
    /// Writes the index.
    pub write: fn(&Path, &PluginIndex) -> Result<(), DatabaseError>,
    /// Returns whether a file contains exactly the index.
    pub is_current: fn(&Path, &PluginIndex) -> Result<bool, DatabaseError>,
}

pub(super) fn run(arguments: &SyncArguments, database: PluginDatabase) -> Result<String, CommandError> {
    let bench = Workbench::open(&arguments.place.repo)?;
    let path = arguments.db.clone().unwrap_or_else(|| bench.root.join(DEFAULT));
    if arguments.db.is_none() {
        refuse_other_directory(&bench.root)?;
    }
    let exists = refuse_other_files(&path, database)?;
    let index = index(&bench)?;
    let shown = shown(&path, &bench.root);
    let failed = |error: DatabaseError| CommandError::failed(error.to_string());
    if arguments.check {
        if exists && (database.is_current)(&path, &index).map_err(failed)? {
            return Ok(format!("{shown} is up to date: {}\n", counts(&index)));
        }
        let message =
            if exists { format!("{shown} is out of date") } else { format!("{shown} does not exist") };
        return Err(CommandError::refused(message, "id-plugin sync writes it"));
    }
    if arguments.db.is_none() {
        let ignore = bench.root.join(IGNORE.0);
        if ignore.symlink_metadata().is_err() {
            repo::disk::write(&ignore, IGNORE.1.as_bytes())?;
        }
    }
    (database.write)(&path, &index).map_err(failed)?;
    Ok(format!("wrote {shown}: {}\n", counts(&index)))
}

/// Refuses a link, which may lead out of the repository, and what is not a directory, where the index is written into.
fn refuse_other_directory(root: &Path) -> Result<(), CommandError> {
    let directory = root.join(DIRECTORY);
    match directory.symlink_metadata() {
        Ok(metadata) if !metadata.is_dir() => Err(CommandError::failed_with(
            format!("{} is not a directory, so no index is written into it", directory.display()),
            "remove it, or name another file with the option --db; nothing was changed",
        )),
        _ => Ok(()),
    }
}

/// Refuses a link, a directory or device, and a file that this program did not write; returns whether a file with content exists.
fn refuse_other_files(path: &Path, database: PluginDatabase) -> Result<bool, CommandError> {
    let refuse = |what: &str| {
        CommandError::failed_with(
            format!("{} is {NOT_AN_INDEX}{what}", path.display()),
            "name another file with the option --db; nothing was changed",
        )
    };
    let Ok(metadata) = path.symlink_metadata() else { return Ok(false) };
    if !metadata.is_file() {
        return Err(refuse(if metadata.is_symlink() {
            ", but a symbolic link"
        } else {
            ", and no regular file"
        }));
    }
    let bytes = repo::disk::read(path, MAX_INDEX_BYTES)?.unwrap_or_default();
    if !(database.is_index)(&bytes) {
        return Err(refuse(""));
    }
    Ok(!bytes.is_empty())
}

/// Makes the index of the working tree: every manifest, checked by the schema and the rules of its pack.
fn index(bench: &Workbench) -> Result<PluginIndex, CommandError> {
    let (tree, policy) = (bench.worktree()?, bench.policy()?);
    let discovery = dialect::discover(&tree, &policy, None)?;
    let rules = doctor::rules();
    let request = ManifestRequest {
        rules: &rules,
        head: &tree,
        discovery: &discovery,
        policy: &policy,
        custom: &crate::custom::evaluate,
        repository_name: None,
    };
    let mut findings = check_manifests(&request, &|_| true)?;
    finish_existing(&policy, environment::today(), &mut findings);
    let mut index = PluginIndex::default();
    let like = bench.repository.resolve("HEAD")?.or_else(|| ObjectId::from_hex(&[b'0'; 40]));
    let mut by_path: BTreeMap<&RepoPath, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in &findings {
        let path = finding.location.as_ref().map(|place| &place.path);
        path.into_iter().for_each(|path| by_path.entry(path).or_default().push(finding));
    }
    for found in discovery.manifests.iter().filter(|found| found.role == Role::Artifact) {
        let of_manifest = by_path.get(&found.node.path).map(Vec::as_slice).unwrap_or_default();
        add(&mut index, &tree, found, of_manifest, like)?;
    }
    index.plugins.sort();
    index.capabilities.sort();
    index.diagnostics.sort();
    Ok(index)
}

fn add(
    index: &mut PluginIndex,
    tree: &Worktree<'_>,
    found: &FoundManifest<'_>,
    findings: &[&Diagnostic],
    like: Option<ObjectId>,
) -> Result<(), CommandError> {
    let manifest = found.open(tree)?;
    let row = dialect::row(found.dialect, &manifest);
    let dialect = found.dialect.pack.clone();
    let path = diagnostic::sanitise::path(&found.node.path);
    let is_file = matches!(found.node.object.mode, Mode::File | Mode::Executable);
    let blob = match (found.node.object.id, like) {
        (Some(id), _) => id.to_string(),
        (None, Some(like)) if is_file => repo::Objects::blob_id_like(like, &manifest.text)?.to_string(),
        _ => String::new(),
    };
    let names: BTreeSet<String> =
        row.cell("capabilities").map(|cell| cell.values.iter().cloned().collect()).unwrap_or_default();
    let capability = |name| CapabilityRow { dialect: dialect.clone(), path: path.clone(), name };
    index.capabilities.extend(names.into_iter().map(capability));
    index.diagnostics.extend(findings.iter().map(|finding| {
        let place = finding.location.as_ref();
        DiagnosticRow {
            dialect: dialect.clone(),
            path: path.clone(),
            line: place.and_then(|place| Some(place.span.as_ref()?.start.line)),
            pointer: place.and_then(|place| place.pointer.clone()),
            code: finding.rule.id.code.into(),
            rule: finding.rule.id.name.into(),
            message: finding.message.clone(),
        }
    }));
    index.plugins.push(PluginRow {
        is_valid: !findings.iter().any(|finding| finding.level == Level::Deny && finding.waived_by.is_none()),
        json: manifest.document.as_ref().ok().map(dialect::document_json),
        kind: row.text("kind"),
        mode: row.text("mode"),
        trust: row.text("trust"),
        identity: row.identity,
        version: row.version,
        dialect,
        path,
        blob,
    });
    Ok(())
}

fn counts(index: &PluginIndex) -> String {
    let count =
        |count: usize, what: &str, more: &str| format!("{count} {}", if count == 1 { what } else { more });
    format!(
        "{}, {}, {}",
        count(index.plugins.len(), "plugin", "plugins"),
        count(index.capabilities.len(), "capability", "capabilities"),
        count(index.diagnostics.len(), "diagnostic", "diagnostics")
    )
}

/// Returns the path as people write it: from the root of the repository where it is below it.
fn shown(path: &Path, root: &Path) -> String {
    let inside: PathBuf = path.strip_prefix(root).unwrap_or(path).into();
    diagnostic::sanitise::text(&inside.display().to_string())
}
