//! A sealed directory never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::{RepoPath, Result};

use super::breach_details::unit;

/// `IMM014` sealed-unit-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CHANGED,
        summary: "a sealed directory never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitChanged], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let first = String::from_utf8_lossy(breach.path.as_bytes());
    let more = if files > 1 { format!(" and {} more", files - 1) } else { String::new() };
    Ok(context
        .diagnostic(&RULE.info, breach, format!("sealed directory {unit} was modified: {first}{more}"))
        .help(context.restore(&RepoPath::from(unit.as_str())))
        .help("publish the change as a new directory"))
}
