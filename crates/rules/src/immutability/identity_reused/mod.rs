//! A burned name is never reused with different content.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM018` identity-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::IDENTITY_REUSED,
        summary: "a burned name is never reused with different content",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Reused], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (identity, by) = match &breach.detail {
        Detail::Removed { identity, by } => (identity.clone(), *by),
        _ => (breach.path.clone(), None),
    };
    let when = by.map_or_else(String::new, |id| format!(" in {}", id.short()));
    let name = String::from_utf8_lossy(identity.as_bytes()).into_owned();
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            format!("{name} was removed{when} and is reused with different content"),
        )
        .help("choose another name; existing references to the old name would resolve to this artifact"))
}
