//! The ledger only grows, by whole lines.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `LED001` ledger-rewritten.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_REWRITTEN,
        summary: "the ledger only grows, by whole lines",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[
            BreachKind::NotAppended,
            BreachKind::LastLineChanged,
            BreachKind::Deleted,
            BreachKind::Moved,
        ],
        subjects: &[Subject::Ledger],
        tell: describe,
    },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = match breach.detail {
        Detail::Bytes { at } => {
            scene.line(breach, at as usize)?.with_label("the first line that is not as it was")
        }
        _ => diagnostic::Location::of(&breach.path),
    };
    let message = match (breach.kind, &breach.detail) {
        (BreachKind::Deleted, _) => "the ledger was deleted".to_string(),
        (BreachKind::Moved, Detail::Moved { to, .. }) => {
            format!("the ledger was moved to {}", String::from_utf8_lossy(to.as_bytes()))
        }
        (BreachKind::LastLineChanged, _) => {
            "the ledger's last line had no line feed, so what was appended changed it".to_string()
        }
        (_, Detail::Bytes { .. }) => {
            "the ledger only takes new lines at its end, and earlier ones changed".to_string()
        }
        _ => "the ledger lost its last lines".to_string(),
    };
    // Lines and checkpoint belong together: one without the other is the next finding.
    let first = breach.path.components().next().unwrap_or_default();
    let folder = if first == b".ledger" { snapshot::RepoPath::new(first) } else { breach.path.clone() };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(scene.restore(&folder))
        .help("leave the ledger to the writer that runs after the merge"))
}
