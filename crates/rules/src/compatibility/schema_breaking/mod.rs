//! The schemas of an operation change compatibly, or with a breaking version.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext, operations};
use schema::{Break, Variance, breaks};
use snapshot::Result;

use super::version_step::{SemverBump, VersionStep, place_near, related_on_base, steps};

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
                let Some(document) = step.plugin.documents.get(is.as_bytes()) else { continue };
                // A file that the change does not touch stays as it is on the base branch.
                let stays = was == is && !state.is_touched(&document.path);
                if stays || !checked.insert((end == End::Input, was.clone(), is.clone())) {
                    continue;
                }
                let Some(document_before) = step.on_base(state, was)? else { continue };
                let schemas =
                    Schemas { operation: &operation.name, end, before: &document_before, after: document };
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
    before: &'s Document,
    after: &'s Document,
}

impl Schemas<'_> {
    fn compare(&self, state: &StateContext<'_>, step: &VersionStep<'_>, findings: &mut Vec<Diagnostic>) {
        // An invalid schema is reported by its own rule.
        let (Some(Ok(_)), Some(Ok(_))) = (self.before.schema(), self.after.schema()) else { return };
        let (Ok(before), Ok(after)) = (&self.before.value, &self.after.value) else { return };
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
                findings.push(self.breaking(state, step, &bump, (&what, found)));
            }
        }
        // What an input newly accepts is an addition.
        if let Some(patch) = patch.filter(|_| self.end == End::Input && found.is_empty()) {
            let wider = breaks(before, after, Variance::Narrow);
            if let Some(first) = wider.iter().find(|found| !found.is_undecided) {
                let what = format!("the input of {} accepts more", self.operation);
                findings.push(
                    Diagnostic::new(&RULE.info, patch.describe_change(&what))
                        .at(place_near(self.after, &first.pointer))
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
    ) -> Diagnostic {
        let (old, _) = bump.versions();
        let keep = match self.end {
            End::Input => format!("or accept every request that {old} accepts"),
            End::Output => format!("or return only responses that {old} can return"),
        };
        let related = related_on_base(state, self.before, &found.old_pointer, format!("the schema of {old}"));
        Diagnostic::new(&RULE.info, format!("{}: {}", bump.describe_change(what), found.message))
            .at(self.after.place(&found.pointer))
            .related(related)
            .help(bump.help(step.plugin))
            .help(keep)
    }
}
