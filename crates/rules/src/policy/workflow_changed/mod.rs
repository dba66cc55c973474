//! A change of the gate's own workflows stands alone.

use diagnostic::{Diagnostic, Level, Location, Related, RuleInfo};

use crate::change::{ChangeContext, is_workflow};
use crate::rule::{Check, Rule};

/// `POL002` workflow-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::WORKFLOW_CHANGED,
        summary: "a change of the gate's own workflows stands alone",
        page: include_str!("README.md"),
    },
    check: Check::Change(judge),
};

fn judge(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(path) = change.governance().find(|path| is_workflow(path)) else { return };
    let finding = match change.first_other() {
        Some(other) => {
            Diagnostic::new(&RULE.info, "a workflow of the gate changes together with something else")
                .related(Related {
                    location: Location::of(other),
                    commit: None,
                    message: "this is not part of the gate".into(),
                })
                .help("put the change of the workflow into a pull request of its own")
        }
        None => {
            let mut alone = Diagnostic::new(&RULE.info, "this change alters how the gate runs");
            alone.level = Level::Warn;
            alone.help("have it approved by whoever answers for the gate; in base-controlled mode it takes effect once it is merged")
        }
    };
    findings.push(finding.at(Location::of(path)));
}
