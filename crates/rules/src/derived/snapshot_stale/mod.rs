//! A policy snapshot matches the policy of its version.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Derived, Plugin, Rule, StateContext, describe_difference};
use plugin_files::{SNAPSHOT, policy_snapshot};
use snapshot::{Error, Result};

use super::problems::report_problems;

/// `GEN007` snapshot-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SNAPSHOT_STALE,
        summary: "a policy snapshot matches the policy of its version",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        let before = findings.len();
        findings.extend(report_problems(&RULE.info, plugin, derived, SNAPSHOT));
        findings.extend(derived.describe_mode(&RULE.info, &plugin.directory, SNAPSHOT));
        if findings.len() == before {
            findings.extend(check_plugin(state, plugin, derived)?);
        }
    }
    Ok(())
}

fn check_plugin(state: &StateContext<'_>, plugin: &Plugin, derived: &Derived) -> Result<Option<Diagnostic>> {
    let Some(text) = derived.files.files.get(SNAPSHOT) else { return Ok(None) };
    let Ok(read) = policy_snapshot::read(text) else { return Ok(None) };
    // A contract keeps the event fields of earlier versions, whatever the policy requires today.
    let kept = policy_snapshot::event_fields(&read);
    let made = policy_snapshot::make(&derived.spec, state.policy, &kept);
    // A published version keeps the policy of its time; a new one is generated from the current policy.
    if read.plugin_version == derived.spec.version
        && !state.introduces_version(plugin)?
        && base_has_same_snapshot(state, plugin, text)?
    {
        return Ok(None);
    }
    let mut finding = describe_difference(&RULE.info, &plugin.directory, SNAPSHOT, text, made.as_bytes());
    if let Some(finding) = &mut finding {
        // Without `--refresh` the snapshot of this version is kept.
        finding.help = vec![format!(
            "regenerate it from the current policy: id-plugin generate {} --refresh",
            plugin.name()
        )];
    }
    let policy_of_change = state.own_policy();
    Ok(finding.filter(|_| {
        policy_of_change.is_none_or(|policy| {
            policy_snapshot::make(&derived.spec, policy, &kept).as_bytes() != text.as_slice()
        })
    }))
}

/// Whether the base branch has the same snapshot; true if it is not known.
fn base_has_same_snapshot(state: &StateContext<'_>, plugin: &Plugin, text: &[u8]) -> Result<bool> {
    let (Some(tip), Some(spec)) = (state.tip, state.spec_on_base(plugin)?) else { return Ok(true) };
    let place = spec.path.parent().join(SNAPSHOT.as_bytes());
    let Some(node) = tip.find(&place)? else { return Ok(false) };
    Ok(match tip.read(&node, text.len() as u64) {
        Err(Error::TooLarge { .. }) => false,
        other => other? == text,
    })
}
