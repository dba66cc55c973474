//! A pull request that changes a workflow of the gate contains nothing else.

use diagnostic::{Diagnostic, Level, Location, Related, RuleInfo};
use engine::{ChangeContext, Check, Rule, is_workflow};

/// `POL002` workflow-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::WORKFLOW_CHANGED,
        summary: "a pull request that changes a workflow of the gate contains nothing else",
        page: include_str!("README.md"),
    },
    check: Check::Change(check),
};

fn check(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(path) = change.governance().find(|path| is_workflow(path)) else { return };
    let finding = match change.first_other() {
        Some(other) => {
            Diagnostic::new(&RULE.info, "a workflow of the gate is changed together with other files")
                .related(Related {
                    location: Location::of(other),
                    commit: None,
                    message: "not part of the gate".into(),
                })
                .help("move the workflow change into a pull request of its own")
        }
        None => {
            let mut alone = Diagnostic::new(&RULE.info, "this change modifies how the gate runs");
            alone.level = Level::Warn;
            alone.help("request a review from the owners of the gate; a base-controlled workflow takes effect once it is merged")
        }
    };
    findings.push(finding.at(change.place(path)));
}
