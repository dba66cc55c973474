//! A governed file was not changed and reverted in between.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM012` original-value-restored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ORIGINAL_VALUE_RESTORED,
        summary: "a governed file was not changed and reverted in between",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Restored], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "the file was changed and later reverted to its original content")
        .note("intermediate commits contain a different value"))
}
