//! A key has the form and the prefix of its kind, wherever it is written.

use artifact::ArtifactKind;
use artifact::key::{is_key, of_name};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

/// The most aliases of one document that are checked; a schema limits them to fewer.
const MAX_ALIASES: usize = 256;

/// `CRD004` key-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::KEY_INVALID,
        summary: "a key has the form and the prefix of its kind",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in &state.cards {
        let kind = card.text_at("/kind").and_then(ArtifactKind::from_name);
        check_key(card, "/key", kind, findings);
        check_aliases(card, kind, card.text_at("/key"), findings);
    }
    for artifact in state.artifacts() {
        let document = artifact.document;
        check_key(document, artifact.key_pointer(), Some(artifact.kind), findings);
        // The key of the card stays an alias, whatever its form is.
        let card = artifact.ulid().and_then(|ulid| state.index.card_of(ulid));
        check_aliases(document, Some(artifact.kind), card.map(|card| card.claims.key.as_str()), findings);
    }
    Ok(())
}

/// Checks the aliases that are not the original key.
fn check_aliases(
    document: &Document,
    kind: Option<ArtifactKind>,
    original: Option<&str>,
    findings: &mut Vec<Diagnostic>,
) {
    let aliases = document.value.as_ref().ok().and_then(|value| value.pointer("/aliases")?.as_list());
    for (at, alias) in aliases.unwrap_or_default().iter().enumerate().take(MAX_ALIASES) {
        if alias.as_str() != original {
            check_key(document, &format!("/aliases/{at}"), kind, findings);
        }
    }
}

/// Checks a key where it is written.
fn check_key(document: &Document, pointer: &str, kind: Option<ArtifactKind>, findings: &mut Vec<Diagnostic>) {
    let Some(key) = document.text_at(pointer) else { return };
    let message = match kind {
        _ if !is_key(key) => {
            format!(
                "invalid key `{key}`: expected upper-case words and digits joined by `_`, at most 64 characters"
            )
        }
        Some(kind) if !key.starts_with(kind.prefix()) => {
            format!("invalid key `{key}`: a key of this kind starts with {}", kind.prefix())
        }
        _ => return,
    };
    let finding = Diagnostic::new(&RULE.info, message).at(document.place(pointer));
    let upper = key.to_ascii_uppercase().replace('-', "_");
    let prefixes = ArtifactKind::ALL.map(ArtifactKind::prefix);
    let bare = prefixes.iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
    findings.push(match of_name(kind.unwrap_or(ArtifactKind::Plugin), bare) {
        Some(better) => finding.help(format!("use {better}")),
        None => finding,
    });
}
