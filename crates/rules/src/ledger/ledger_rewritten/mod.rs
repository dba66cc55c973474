//! Existing ledger lines never change.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `LED001` ledger-rewritten.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LEDGER_REWRITTEN,
        summary: "existing ledger lines never change",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.subject != Subject::Ledger {
        return Ok(None);
    }
    let mut location = Location::of(&breach.path);
    let message = match &breach.kind {
        Breach::Deleted => "the ledger was deleted".to_string(),
        Breach::Moved { to, .. } => {
            format!("the ledger was moved to {}", String::from_utf8_lossy(to.as_bytes()))
        }
        Breach::LastLineChanged => {
            "the last line of the ledger was extended: it had no final newline".to_string()
        }
        Breach::NotAppended { at: Some(at) } => {
            location = context.line(breach, *at as usize)?.with_label("first changed line");
            "the ledger is append-only, and an existing line was changed".to_string()
        }
        Breach::NotAppended { at: None } => {
            "the ledger is append-only, and lines were removed from its end".to_string()
        }
        _ => return Ok(None),
    };
    // The lines and the checkpoint are restored together: they must match.
    let first = breach.path.components().next().unwrap_or_default();
    let folder = if first == b".ledger" { snapshot::RepoPath::new(first) } else { breach.path.clone() };
    let finding = context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&folder))
        .help("the post-merge job writes the ledger");
    Ok(Some(finding))
}
