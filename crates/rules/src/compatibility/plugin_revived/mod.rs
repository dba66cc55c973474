//! The status of a plugin only moves forward.

use artifact::ArtifactKind;
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
                .help(if new == "draft" {
                    "restore the status: what was published is never a draft again"
                } else {
                    "restore the status; if the plugin is needed again, create a new one that supersedes it; see `id-plugin new --help`"
                }),
        );
    }
    check_others(state, findings)
}

/// Reports a document, pack or module that becomes a draft again, or lives again after its end.
fn check_others(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let others = state.artifacts().filter(|artifact| artifact.kind != ArtifactKind::Plugin);
    for artifact in others.filter(|artifact| state.is_touched(&artifact.document.path)) {
        let Some(before) = state.document_on_base(&artifact)? else { continue };
        let (Some(old), Some(new)) = (before.text_at("/status"), artifact.document.text_at("/status")) else {
            continue;
        };
        let is_ended = matches!(old, "retired" | "consolidated");
        if old == new || new != "draft" && !is_ended {
            continue;
        }
        let help = if is_ended {
            "restore the status; if it is needed again, create a new one with a new identity"
        } else {
            "restore the status: what was published is never a draft again"
        };
        findings.push(
            Diagnostic::new(&RULE.info, format!("status cannot change from {old} to {new}"))
                .at(artifact.document.place("/status"))
                .related(related_on_base(state, &before, "/status", format!("{old} on the base branch")))
                .help(help),
        );
    }
    Ok(())
}

/// Returns the position of a status: draft, active, deprecated, then one of two final ones.
fn stage(status: &str) -> Option<u8> {
    match status {
        "draft" => Some(0),
        "active" => Some(1),
        "deprecated" => Some(2),
        "retired" | "consolidated" => Some(3),
        _ => None,
    }
}
