//! No path differs from a governed path only in case or Unicode normalization.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::text;

/// `IMM019` governed-path-case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::GOVERNED_PATH_CASE_COLLISION,
        summary: "no path differs from a governed path only in case or Unicode normalization",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::CaseTwin { part, of } = &breach.kind else { return Ok(None) };
    let (part, of) = (text(part), text(of));
    let finding = context
        .diagnostic(
            &RULE.info,
            breach,
            format!("{part} and {of} differ only in case or Unicode normalization"),
        )
        .help("choose a name that differs in more than case and Unicode normalization");
    Ok(Some(finding))
}
