//! An operation stays, or goes with a major version.

use std::collections::BTreeSet;

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext, operations};
use snapshot::Result;

use super::words::{stands, steps};

/// `CMP002` operation-removed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_REMOVED,
        summary: "an operation stays, or goes with a major version",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)?.iter().filter(|step| state.is_touched(&step.spec.path)) {
        let Some(rise) = step.binding_rise(state) else { continue };
        // A spec that cannot be read says nothing of its operations.
        let Ok(spec) = &step.spec.value else { continue };
        let list = spec.pointer("/operations").and_then(Value::as_list).unwrap_or_default();
        let names: BTreeSet<&str> =
            list.iter().filter_map(|value| value.pointer("/name")?.as_str()).collect();
        for operation in operations(&step.before) {
            if names.contains(operation.name.as_str()) {
                continue;
            }
            let what = format!("the operation {} is gone", operation.name);
            let pointer = format!("{}/name", operation.pointer);
            findings.push(
                Diagnostic::new(&RULE.info, rise.says(&what))
                    .at(step.spec.place("/operations"))
                    .related(stands(state, &step.before, &pointer, "base has it".into()))
                    .help(rise.help(step.plugin))
                    .help("or keep it, beside the one that takes its place"),
            );
        }
    }
    Ok(())
}
