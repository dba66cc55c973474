//! No path differs from a governed path only in case or Unicode normalization.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::breach_details::collision;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM019` governed-path-case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::GOVERNED_PATH_CASE_COLLISION,
        summary: "no path differs from a governed path only in case or Unicode normalization",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::CaseTwin], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (part, of) = collision(breach);
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            format!("{part} and {of} differ only in case or Unicode normalization"),
        )
        .help("choose a name that differs in more than case and Unicode normalization"))
}
