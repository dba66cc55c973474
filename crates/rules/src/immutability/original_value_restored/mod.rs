//! A governed file was not changed and reverted in between.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM012` original-value-restored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ORIGINAL_VALUE_RESTORED,
        summary: "a governed file was not changed and reverted in between",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Restored], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "the file was changed and later reverted to its original content")
        .note("intermediate commits contain a different value"))
}
