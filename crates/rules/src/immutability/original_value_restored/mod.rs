//! A governed file was not changed and reverted in between.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM012` original-value-restored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ORIGINAL_VALUE_RESTORED,
        summary: "a governed file was not changed and reverted in between",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if !matches!(breach.kind, Breach::Restored { .. }) {
        return Ok(None);
    }
    if let Some(element) = &breach.element {
        let message = format!("element `{element}` was removed earlier and returned with its original value");
        let help = "the value is right again; squash the commits if the removal should not be in the history";
        return Ok(Some(context.diagnostic(&RULE.info, breach, message).help(help)));
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "the file was changed and later reverted to its original content")
        .note("intermediate commits contain a different value")
        .help(
            "the content is right again; squash the commits if the other value should not be in the history",
        );
    Ok(Some(finding))
}
