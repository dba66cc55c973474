//! The format of every document with governed fields is known.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `POL009` format-unknown.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FORMAT_UNKNOWN,
        summary: "the format of every document with governed fields is known",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::FormatUnknown {
        return Ok(None);
    }
    let message = "the policy governs fields of this file, and its name does not give its format: fields cannot be checked";
    let known = artifact::Format::NAMES.map(|(name, _)| name).join(", ");
    let help =
        format!("add `format:` to the entry of the policy ({known}), or exclude the file from its `match`");
    Ok(Some(context.diagnostic(&RULE.info, breach, message).help(help)))
}
