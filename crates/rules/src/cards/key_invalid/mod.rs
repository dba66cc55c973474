//! A key has the form and the prefix of its kind.

use artifact::ArtifactKind;
use artifact::key::{is_key, of_name};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

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
        let Some(key) = card.text_at("/key") else { continue };
        let prefix = card.text_at("/kind").and_then(ArtifactKind::from_name).map(ArtifactKind::prefix);
        let message = match prefix {
            _ if !is_key(key) => {
                format!(
                    "invalid key `{key}`: expected upper-case words and digits joined by `_`, at most 64 characters"
                )
            }
            Some(prefix) if !key.starts_with(prefix) => {
                format!("invalid key `{key}`: a key of this kind starts with {prefix}")
            }
            _ => continue,
        };
        let kind = card.text_at("/kind").and_then(ArtifactKind::from_name).unwrap_or(ArtifactKind::Plugin);
        let finding = Diagnostic::new(&RULE.info, message).at(card.place("/key"));
        let upper = key.to_ascii_uppercase().replace('-', "_");
        let prefixes = ArtifactKind::ALL.map(ArtifactKind::prefix);
        let bare = prefixes.iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
        findings.push(match of_name(kind, bare) {
            Some(better) => finding.help(format!("use {better}")),
            None => finding,
        });
    }
    Ok(())
}
