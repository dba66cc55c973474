//! Existing ledger lines never change.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Detail, Rule};
use policy::Subject;
use snapshot::Result;

/// `LED001` ledger-rewritten.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_REWRITTEN,
        summary: "existing ledger lines never change",
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
        describe,
    },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let location = match breach.detail {
        Detail::Bytes { at } => context.line(breach, at as usize)?.with_label("first changed line"),
        _ => diagnostic::Location::of(&breach.path),
    };
    let message = match (breach.kind, &breach.detail) {
        (BreachKind::Deleted, _) => "the ledger was deleted".to_string(),
        (BreachKind::Moved, Detail::Moved { to, .. }) => {
            format!("the ledger was moved to {}", String::from_utf8_lossy(to.as_bytes()))
        }
        (BreachKind::LastLineChanged, _) => {
            "the last line of the ledger was extended: it had no final newline".to_string()
        }
        (_, Detail::Bytes { .. }) => {
            "the ledger is append-only, and an existing line was changed".to_string()
        }
        _ => "the ledger is append-only, and lines were removed from its end".to_string(),
    };
    // The lines and the checkpoint are restored together: they must match.
    let first = breach.path.components().next().unwrap_or_default();
    let folder = if first == b".ledger" { snapshot::RepoPath::new(first) } else { breach.path.clone() };
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&folder))
        .help("the post-merge job writes the ledger"))
}
