//! A fixed value that was broken is back.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM012` original-value-restored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ORIGINAL_VALUE_RESTORED,
        summary: "a fixed value that was broken is back",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Restored], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "this governed file got back the value that it was first given")
        .note("between the two commits the repository said something else"))
}
