//! What an operation takes and gives changes compatibly, or by a major version.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext, operations};
use schema::{Variance, breaks};
use snapshot::Result;

use super::words::{stands, steps};

/// `CMP001` schema-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCHEMA_BREAKING,
        summary: "what an operation takes and gives changes compatibly, or by a major version",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)? {
        let Some(rise) = step.binding_rise(state) else { continue };
        let (old, _) = rise.versions();
        let standing = operations(&step.before);
        let mut judged = BTreeSet::new();
        for operation in step.plugin.operations() {
            let Some(before) = standing.iter().find(|before| before.name == operation.name) else { continue };
            for (end, was, is) in [
                (Variance::Widen, &before.input, &operation.input),
                (Variance::Narrow, &before.output, &operation.output),
            ] {
                let Some(document) = step.plugin.documents.get(is.as_bytes()) else { continue };
                // What this change leaves alone is what base has once it is merged.
                let stays = was == is && !state.is_touched(&document.path);
                let is_input = end == Variance::Widen;
                if stays || !judged.insert((is_input, was.clone(), is.clone())) {
                    continue;
                }
                let Some(standing) = step.on_base(state, was)? else { continue };
                // A schema that is none is told by its own rule.
                let (Some(Ok(_)), Some(Ok(_))) = (standing.schema(), document.schema()) else { continue };
                let (Ok(before), Ok(after)) = (&standing.value, &document.value) else { continue };
                for found in breaks(before, after, end) {
                    let (what, keep) = match is_input {
                        true => ("input", format!("or go on accepting all that {old} accepts")),
                        false => ("output", format!("or answer nothing that {old} cannot answer")),
                    };
                    let what = format!("the {what} of {} breaks", operation.name);
                    findings.push(
                        Diagnostic::new(&RULE.info, format!("{}: {}", rise.says(&what), found.message))
                            .at(document.place(&found.pointer))
                            .related(stands(state, &standing, &found.old_pointer, format!("{old} says this")))
                            .help(rise.help(step.plugin))
                            .help(keep),
                    );
                }
            }
        }
    }
    Ok(())
}
