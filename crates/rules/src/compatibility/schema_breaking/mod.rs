//! The schemas of an operation change compatibly, or with a breaking version.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, PluginSchema, Rule, StateContext, operations};
use schema::{Break, Variance, breaks};
use snapshot::Result;

use super::version_step::{SemverBump, VersionStep, place_near, steps};

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
        let operations_before = operations(&step.before);
        let mut checked = BTreeSet::new();
        for operation in step.plugin.operations() {
            let Some(before) = operations_before.iter().find(|before| before.name == operation.name) else {
                continue;
            };
            for (end, was, is) in [
                (End::Input, &before.input, &operation.input),
                (End::Output, &before.output, &operation.output),
            ] {
                // An invalid schema is reported by its own rule.
                let Some(after) = PluginSchema::of_plugin(step.plugin, is) else { continue };
                // A schema whose files the change does not touch stays as it is on the base branch.
                let stays = was == is && !after.paths().any(|path| step.touches(state, &path));
                if stays || !checked.insert((end == End::Input, was.clone(), is.clone())) {
                    continue;
                }
                let Some(before) = step.schema_before(state, was)? else { continue };
                let schemas = Schemas { operation: &operation.name, end, before: &before, after: &after };
                schemas.compare(state, &step, findings);
            }
        }
    }
    Ok(())
}

/// An end of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Input,
    Output,
}

/// The schema of one end of an operation, before and after the change.
struct Schemas<'s> {
    operation: &'s str,
    end: End,
    before: &'s PluginSchema<'s>,
    after: &'s PluginSchema<'s>,
}

impl Schemas<'_> {
    fn compare(&self, state: &StateContext<'_>, step: &VersionStep<'_>, findings: &mut Vec<Diagnostic>) {
        let (before, after) = (&self.before.bundle.schema, &self.after.bundle.schema);
        let (variance, what) = match self.end {
            End::Input => (Variance::Widen, "input"),
            End::Output => (Variance::Narrow, "output"),
        };
        let (binding, patch) = (step.binding_bump(state), step.patch_bump(state));
        if binding.is_none() && patch.is_none() {
            return;
        }
        let found = breaks(before, after, variance);
        if let Some(bump) = binding {
            for found in &found {
                let what = format!("incompatible {what} of {}", self.operation);
                findings.extend(self.breaking(state, step, &bump, (&what, found)));
            }
        }
        // What an input newly accepts is an addition.
        if let Some(patch) = patch.filter(|_| self.end == End::Input && found.is_empty()) {
            let wider = breaks(before, after, Variance::Narrow);
            if let Some(first) = wider.iter().find(|found| !found.is_undecided)
                && let Some((document, pointer)) = self.after.locate(&first.pointer)
            {
                let what = format!("the input of {} accepts more", self.operation);
                findings.push(
                    Diagnostic::new(&RULE.info, patch.describe_change(&what))
                        .at(place_near(document, &pointer))
                        .help(patch.help_addition(step.plugin)),
                );
            }
        }
    }

    fn breaking(
        &self,
        state: &StateContext<'_>,
        step: &VersionStep<'_>,
        bump: &SemverBump,
        (what, found): (&str, &Break),
    ) -> Option<Diagnostic> {
        let (old, _) = bump.versions();
        let keep = match self.end {
            End::Input => format!("or accept every request that {old} accepts"),
            End::Output => format!("or return only responses that {old} can return"),
        };
        let (document_before, old_pointer) = self.before.locate(&found.old_pointer)?;
        let (document, pointer) = self.after.locate(&found.pointer)?;
        let related = step.related(state, document_before, &old_pointer, format!("the schema of {old}"));
        Some(
            Diagnostic::new(&RULE.info, format!("{}: {}", bump.describe_change(what), found.message))
                .at(document.place(&pointer))
                .related(related)
                .help(bump.help(step.plugin))
                .help(keep),
        )
    }
}
