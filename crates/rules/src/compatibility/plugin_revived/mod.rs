//! A plugin's status only goes forward.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::words::{all_steps, stands};

/// `CMP008` plugin-revived.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PLUGIN_REVIVED,
        summary: "a plugin's status only goes forward",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in all_steps(state)?.iter().filter(|step| state.is_touched(&step.spec.path)) {
        let (Some(old), Some(new)) = (step.before.text_at("/status"), step.spec.text_at("/status")) else {
            continue;
        };
        let goes_on = match (stage(old), stage(new)) {
            (Some(before), Some(after)) => before < after || old == new,
            // What is no status is told by its own rule.
            _ => continue,
        };
        if goes_on {
            continue;
        }
        findings.push(
            Diagnostic::new(&RULE.info, format!("the plugin was {old}, and is {new} now"))
                .at(step.spec.place("/status"))
                .related(stands(state, &step.before, "/status", format!("base says {old}")))
                .help("make another plugin, which supersedes this one: id-plugin new NAME"),
        );
    }
    Ok(())
}

/// How far a status is on its way: active, deprecated, then one of two ends.
fn stage(status: &str) -> Option<u8> {
    match status {
        "active" => Some(0),
        "deprecated" => Some(1),
        "retired" | "consolidated" => Some(2),
        _ => None,
    }
}
