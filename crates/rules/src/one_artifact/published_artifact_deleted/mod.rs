//! A published artifact is retired before it is deleted.

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Document, Rule, StateContext, quote};
use index::{Index, Ledgers, SPEC};
use snapshot::{RepoPath, Result, Snapshot};

/// `ONE005` published-artifact-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PUBLISHED_ARTIFACT_DELETED,
        summary: "a published artifact is retired before it is deleted",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// An artifact on the base branch that the change removes.
struct Removed {
    kind: ArtifactKind,
    ulid: String,
    key: String,
    status: String,
    /// The document that described it.
    document: RepoPath,
    /// Its directory, or the document itself.
    place: RepoPath,
}

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let (Some(base), Some(tip)) = (state.base_index, state.tip) else { return Ok(()) };
    let removed = removed(state, base);
    if removed.is_empty() {
        return Ok(());
    }
    let ledgers = Ledgers::open(tip)?;
    for artifact in removed.iter().filter(|artifact| !ledgers.has_ended(&artifact.ulid)) {
        if !is_unreadable(state, artifact)? {
            findings.push(describe(artifact, tip));
        }
    }
    Ok(())
}

/// Finds the artifacts of the base branch whose documents the change touches, and whose ULID no document has after it.
fn removed(state: &StateContext<'_>, base: &Index) -> Vec<Removed> {
    let changes = state.changes.unwrap_or_default();
    let found = changes.iter().filter_map(|change| {
        let path = &change.path;
        if let Some(document) = base.document(path) {
            let is_pack = document.kind == ArtifactKind::PolicyPack;
            return Some(Removed {
                kind: document.kind,
                ulid: document.ulid.clone(),
                key: document.key.clone(),
                status: document.status.clone(),
                place: if is_pack { path.parent() } else { path.clone() },
                document: path.clone(),
            });
        }
        let plugin = Some(path).filter(|path| path.name() == SPEC.as_bytes());
        let plugin = plugin.and_then(|path| base.plugin(&path.parent()))?;
        Some(Removed {
            kind: ArtifactKind::Plugin,
            ulid: plugin.ulid.clone(),
            key: plugin.key.clone(),
            status: plugin.status.clone(),
            place: plugin.directory(),
            document: path.clone(),
        })
    });
    let has_ended = |status: &str| matches!(status, "draft" | "retired" | "consolidated");
    found
        .filter(|removed| !removed.ulid.is_empty() && !has_ended(&removed.status))
        .filter(|removed| !state.claims.has_artifact(&removed.ulid))
        .collect()
}

/// Returns whether the document still exists and cannot be read, which its own rule reports.
fn is_unreadable(state: &StateContext<'_>, artifact: &Removed) -> Result<bool> {
    // Markdown without an identity is not checked, and nothing reports it.
    if artifact.kind == ArtifactKind::Document {
        let checked = state.documents.iter().find(|document| document.path == artifact.document);
        return Ok(checked.is_some_and(|document| document.value.is_err()));
    }
    let document = Document::open(state.head, &artifact.document)?;
    Ok(document.is_some_and(|document| document.value.is_err()))
}

fn describe(artifact: &Removed, tip: &dyn Snapshot) -> Diagnostic {
    let kind = match artifact.kind {
        ArtifactKind::PolicyPack => "policy pack",
        kind => kind.name(),
    };
    let name = if artifact.key.is_empty() { &artifact.ulid } else { &artifact.key };
    let status = if artifact.status.is_empty() { "published" } else { &artifact.status };
    let message = format!("{kind} {name} is {status} on the base branch and is deleted here");
    let document = quote(&artifact.document);
    Diagnostic::new(&RULE.info, message)
        .at(Location::of(&artifact.document))
        .help(format!("restore it: git checkout {} -- {}", short(&tip.name()), quote(&artifact.place)))
        .help(format!(
            "to end it, set `status: retired` in {document} in one change, and delete it in a later one"
        ))
}

/// Shortens a commit id.
fn short(name: &str) -> &str {
    let is_id = name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { &name[..12] } else { name }
}
