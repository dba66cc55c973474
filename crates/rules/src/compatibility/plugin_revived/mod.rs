//! The status of a plugin only moves forward.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::version_step::{all_steps, related_on_base};

/// `CMP008` plugin-revived.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PLUGIN_REVIVED,
        summary: "the status of a plugin only moves forward",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in all_steps(state)?.iter().filter(|step| state.is_touched(&step.spec.path)) {
        let (Some(old), Some(new)) = (step.before.text_at("/status"), step.spec.text_at("/status")) else {
            continue;
        };
        let is_forward = match (stage(old), stage(new)) {
            (Some(before), Some(after)) => before < after || old == new,
            // An invalid status is reported by its own rule.
            _ => continue,
        };
        if is_forward {
            continue;
        }
        findings.push(
            Diagnostic::new(&RULE.info, format!("status cannot change from {old} to {new}"))
                .at(step.spec.place("/status"))
                .related(related_on_base(state, &step.before, "/status", format!("{old} on the base branch")))
                .help("restore the status; if the plugin is needed again, create a new one that supersedes it with `id-plugin new`"),
        );
    }
    Ok(())
}

/// Returns the position of a status: active, deprecated, then one of two final ones.
fn stage(status: &str) -> Option<u8> {
    match status {
        "active" => Some(0),
        "deprecated" => Some(1),
        "retired" | "consolidated" => Some(2),
        _ => None,
    }
}
