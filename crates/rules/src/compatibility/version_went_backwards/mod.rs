//! The version of a plugin never decreases.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use semver::{BuildMetadata, Prerelease, Version};
use snapshot::Result;

use super::version_step::steps;

/// `CMP004` version-went-backwards.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::VERSION_WENT_BACKWARDS,
        summary: "the version of a plugin never decreases",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for step in steps(state)?.iter().filter(|step| step.touches(state, &step.spec.path)) {
        let Some(bump) = step.bump() else { continue };
        let (old, new) = bump.versions();
        let message = match new.cmp_precedence(old) {
            std::cmp::Ordering::Less if !state.policy.ledger.back_ports => {
                format!("version decreased: {old} → {new}")
            }
            std::cmp::Ordering::Equal if old.build != new.build => {
                format!(
                    "{old} and {new} differ only in build metadata, which does not count as a new version"
                )
            }
            _ => continue,
        };
        let finding = Diagnostic::new(&RULE.info, message)
            .at(step.spec.place("/version"))
            .related(step.related(state, &step.before, "/version", format!("version {old}")));
        findings.push(match next(old) {
            Some(next) => finding.help(format!("raise it: id-plugin bump {} {next}", step.plugin.name())),
            None => finding,
        });
    }
    Ok(())
}

/// Returns the next release after a version.
fn next(old: &Version) -> Option<Version> {
    let patch = if old.pre.is_empty() { old.patch.checked_add(1)? } else { old.patch };
    Some(Version { patch, pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..old.clone() })
}
