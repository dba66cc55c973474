//! Every artifact of the main branch has the key, path and owner that the ledger records of it.

use artifact::{ArtifactKind, Ulid};
use diagnostic::{Diagnostic, Location};
use index::{Index, SPEC};
use ledger::Batch;
use snapshot::{RepoPath, Result, Snapshot};

use crate::rule_set::RuleSet;
use crate::state::Document;

/// Compares every artifact of a tree with the state of its identity: what was recorded, and what is due.
pub(crate) fn check_recorded_identities(
    rules: RuleSet<'_>,
    head: &dyn Snapshot,
    index: &Index,
    batch: &Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let rule = rules.0.iter().find(|rule| rule.info.id == codes::CARD_ARTIFACT_MISMATCH);
    let Some(rule) = rule else { return Ok(()) };
    let plugins = index.plugins.iter().map(|plugin| {
        let directory = plugin.directory();
        (plugin.ulid.as_str(), directory.join(SPEC.as_bytes()), directory, "/key")
    });
    let documents = index.documents.iter().map(|document| {
        let file = document.file();
        let is_file = document.kind == ArtifactKind::Document;
        let place = if is_file { file.clone() } else { file.parent() };
        (document.ulid.as_str(), file, place, if is_file { "/doc_key" } else { "/key" })
    });
    for (ulid, file, place, key) in plugins.chain(documents) {
        let Some(identity) = Ulid::parse(ulid).ok().and_then(|ulid| batch.read.machine.identity(ulid)) else {
            continue;
        };
        let Some(document) = Document::open(head, &file)? else { continue };
        // A pack need not repeat its owner.
        let owner = identity.owner.as_deref().filter(|_| document.text_at("/owner").is_some());
        let place = String::from_utf8_lossy(place.as_bytes()).into_owned();
        let values = [
            (key, "key", document.text_at(key).unwrap_or_default(), Some(&*identity.key)),
            ("", "path", place.as_str(), Some(&*identity.path)),
            ("/owner", "owner", document.text_at("/owner").unwrap_or_default(), owner),
        ];
        for (pointer, what, here, recorded) in values {
            let Some(recorded) = recorded.filter(|recorded| *recorded != here && !recorded.is_empty()) else {
                continue;
            };
            let message = format!("the {what} is {here}, but the ledger records {recorded}");
            let at = if pointer.is_empty() {
                Location::of(&RepoPath::clone(&file))
            } else {
                document.place(pointer)
            };
            findings.push(
                Diagnostic::new(&rule.info, message)
                    .at(at)
                    .help(format!("see its history: id-ledger log {}", identity.key))
                    .help(format!("restore the {what}, or change it in a way that can be recorded")),
            );
        }
    }
    Ok(())
}
