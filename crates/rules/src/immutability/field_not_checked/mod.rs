//! The fields of every changed document are checked.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::in_element;

/// `IMM034` field-not-checked.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FIELD_NOT_CHECKED,
        summary: "the governed fields of a changed document can be checked",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    Ok(Some(match &breach.kind {
        Breach::StillUnreadable { fault } => {
            let location = context.bytes(breach, fault.start..fault.end)?;
            let message =
                "document could not be read before this change and still cannot: fields not checked";
            let help =
                fault.help.as_deref().unwrap_or("fix the syntax error, and its fields are checked again");
            context.diagnostic(&RULE.info, breach, message).at(location).note(fault.reason.clone()).help(help)
        }
        Breach::BaseUnreadable { reason } => {
            let message = "document could not be read on the base branch: changes of its fields not checked";
            context
                .diagnostic(&RULE.info, breach, message)
                .note(format!("on the base branch: {reason}"))
                .help("compare the two versions by hand; the fields are checked from the next change on")
        }
        Breach::NotVersions { pointer, was, now, scheme, fitting } => {
            let location = context.field(breach, pointer)?.with_label(format!("was {was}"));
            let message = format!(
                "`{pointer}`: neither {was} nor {now} is {scheme} version: not checked",
                scheme = with_article(scheme)
            );
            let help = match fitting.split(", ").next() {
                None | Some("") => "write a version, and its changes are checked from then on".to_string(),
                Some(first) => {
                    format!("name a scheme that accepts both, such as `increasing {first}` ({fitting})")
                }
            };
            context.diagnostic(&RULE.info, breach, in_element(breach, message)).at(location).help(help)
        }
        _ => return Ok(None),
    }))
}

fn with_article(scheme: &str) -> String {
    let article = if scheme.starts_with('i') { "an" } else { "a" };
    format!("{article} {scheme}")
}
