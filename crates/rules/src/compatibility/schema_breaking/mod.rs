//! The schemas of an operation change compatibly, or with a breaking version.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext, operations};
use schema::{Variance, breaks};
use snapshot::Result;

use super::version_step::{related_on_base, steps};

/// `CMP001` schema-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCHEMA_BREAKING,
        summary: "the schemas of an operation change compatibly, or with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)? {
        let Some(bump) = step.binding_bump(state) else { continue };
        let (old, _) = bump.versions();
        let operations_before = operations(&step.before);
        let mut checked = BTreeSet::new();
        for operation in step.plugin.operations() {
            let Some(before) = operations_before.iter().find(|before| before.name == operation.name) else {
                continue;
            };
            for (end, was, is) in [
                (Variance::Widen, &before.input, &operation.input),
                (Variance::Narrow, &before.output, &operation.output),
            ] {
                let Some(document) = step.plugin.documents.get(is.as_bytes()) else { continue };
                // A file that the change does not touch stays as it is on the base branch.
                let stays = was == is && !state.is_touched(&document.path);
                let is_input = end == Variance::Widen;
                if stays || !checked.insert((is_input, was.clone(), is.clone())) {
                    continue;
                }
                let Some(document_before) = step.on_base(state, was)? else { continue };
                // An invalid schema is reported by its own rule.
                let (Some(Ok(_)), Some(Ok(_))) = (document_before.schema(), document.schema()) else {
                    continue;
                };
                let (Ok(before), Ok(after)) = (&document_before.value, &document.value) else { continue };
                for found in breaks(before, after, end) {
                    let (what, keep) = if is_input {
                        ("input", format!("or accept every request that {old} accepts"))
                    } else {
                        ("output", format!("or return only responses that {old} can return"))
                    };
                    let what = format!("incompatible {what} of {}", operation.name);
                    findings.push(
                        Diagnostic::new(
                            &RULE.info,
                            format!("{}: {}", bump.describe_change(&what), found.message),
                        )
                        .at(document.place(&found.pointer))
                        .related(related_on_base(
                            state,
                            &document_before,
                            &found.old_pointer,
                            format!("the schema of {old}"),
                        ))
                        .help(bump.help(step.plugin))
                        .help(keep),
                    );
                }
            }
        }
    }
    Ok(())
}
