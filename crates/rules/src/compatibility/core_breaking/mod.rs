//! A plugin leaves a core, or versions of it, only with a breaking version.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use semver::VersionReq;
use snapshot::Result;

use super::range::difference;
use super::version_step::spec_steps;

/// `CMP011` core-breaking.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CORE_BREAKING,
        summary: "a plugin leaves a core, or versions of it, only with a breaking version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The name of the core.
const API: &str = "/core/api";
/// The versions of the core that a plugin works with.
const RANGE: &str = "/core/range";

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in &spec_steps(state)? {
        let range = |spec: &Document| VersionReq::parse(spec.text_at(RANGE)?).ok();
        // A missing or invalid field is reported by another rule.
        let (old, new) = (range(&step.before), range(step.spec));
        if let Some(bump) = step.binding_bump(state) {
            let (old_api, new_api) = (step.before.text_at(API), step.spec.text_at(API));
            if let (Some(old), Some(new)) = (old_api, new_api)
                && old != new
            {
                let what = format!("core.api changed from {old} to {new}");
                findings.push(step.breaking(&RULE.info, state, &bump, (what, API, API)));
            }
            if let (Some(old), Some(new)) = (&old, &new)
                && let Some(lost) = difference(old, new)
            {
                let what = format!("core.range no longer accepts core {lost}");
                findings.push(step.breaking(&RULE.info, state, &bump, (what, RANGE, RANGE)));
            }
        }
        if let (Some(bump), Some(old), Some(new)) = (step.patch_bump(state), &old, &new)
            && let Some(added) = difference(new, old)
        {
            let what = format!("core.range newly accepts core {added}");
            findings.push(step.addition(&RULE.info, &bump, (what, RANGE)));
        }
    }
    Ok(())
}
