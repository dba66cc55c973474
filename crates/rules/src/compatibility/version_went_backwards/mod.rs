//! A version never goes back.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use semver::{BuildMetadata, Prerelease, Version};
use snapshot::Result;

use super::words::{stands, steps};

/// `CMP004` version-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::VERSION_WENT_BACKWARDS,
        summary: "a version never goes back",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)?.iter().filter(|step| state.is_touched(&step.spec.path)) {
        let Some(rise) = step.rise() else { continue };
        let (old, new) = rise.versions();
        let message = match new.cmp_precedence(old) {
            std::cmp::Ordering::Less if !state.policy.ledger.back_ports => {
                format!("the version goes back from {old} to {new}")
            }
            std::cmp::Ordering::Equal if old.build != new.build => {
                format!("{old} and {new} are one version: they differ in build metadata alone")
            }
            _ => continue,
        };
        let told = Diagnostic::new(&RULE.info, message).at(step.spec.place("/version")).related(stands(
            state,
            &step.before,
            "/version",
            format!("base has {old}"),
        ));
        findings.push(match next(old) {
            Some(next) => told.help(format!("raise it: id-plugin bump {} {next}", step.plugin.name())),
            None => told,
        });
    }
    Ok(())
}

/// The least release above a version.
fn next(old: &Version) -> Option<Version> {
    let patch = if old.pre.is_empty() { old.patch.checked_add(1)? } else { old.patch };
    Some(Version { patch, pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..old.clone() })
}
