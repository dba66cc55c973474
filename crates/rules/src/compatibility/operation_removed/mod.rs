//! An operation is removed only with a breaking version, and added with a minor one.

use std::collections::BTreeSet;

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext, operations};
use snapshot::Result;

use super::version_step::steps;

/// `CMP002` operation-removed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_REMOVED,
        summary: "an operation is removed only with a breaking version, and added with a minor one",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)?.iter().filter(|step| step.touches(state, &step.spec.path)) {
        // The operations of an unreadable spec are not known.
        let Ok(spec) = &step.spec.value else { continue };
        let known = findings.len();
        let list = spec.pointer("/operations").and_then(Value::as_list).unwrap_or_default();
        let names: BTreeSet<&str> =
            list.iter().filter_map(|value| value.pointer("/name")?.as_str()).collect();
        let removed = operations(&step.before).into_iter().filter(|one| !names.contains(one.name.as_str()));
        for (bump, operation) in removed.filter_map(|one| Some((step.binding_bump(state)?, one))) {
            let what = format!("operation {} was removed", operation.name);
            let pointer = format!("{}/name", operation.pointer);
            findings.push(
                Diagnostic::new(&RULE.info, bump.describe_change(&what))
                    .at(step.spec.place("/operations"))
                    .related(step.related(state, &step.before, &pointer, "the operation".into()))
                    .help(bump.help(step.plugin))
                    .help("or keep it beside its replacement"),
            );
        }
        // A version that is raised for a removal is high enough for additions.
        if findings.len() == known
            && let Some(bump) = step.patch_bump(state)
        {
            let before = operations(&step.before);
            let is_known = |name: &str| before.iter().any(|before| before.name == name);
            for operation in step.plugin.operations().iter().filter(|operation| !is_known(&operation.name)) {
                let what = format!("operation {} was added", operation.name);
                let place = format!("{}/name", operation.pointer);
                findings.push(step.addition(&RULE.info, &bump, (what, &place)));
            }
        }
    }
    Ok(())
}
