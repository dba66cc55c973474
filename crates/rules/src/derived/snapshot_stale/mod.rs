//! A policy snapshot is of the policy that its version was made under.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Derived, Plugin, Rule, StateContext, describe_difference};
use plugin_files::{SNAPSHOT, policy_snapshot};
use snapshot::{Error, Result};

use super::words::tell_flaws;

/// `GEN007` snapshot-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SNAPSHOT_STALE,
        summary: "a policy snapshot is of the policy that its version was made under",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        let flaws = findings.len();
        findings.extend(tell_flaws(&RULE.info, plugin, derived, SNAPSHOT));
        if findings.len() == flaws {
            findings.extend(judge_plugin(state, plugin, derived)?);
        }
    }
    Ok(())
}

fn judge_plugin(state: &StateContext<'_>, plugin: &Plugin, derived: &Derived) -> Result<Option<Diagnostic>> {
    let Some(text) = derived.files.files.get(SNAPSHOT) else { return Ok(None) };
    let Ok(read) = policy_snapshot::read(text) else { return Ok(None) };
    let made = policy_snapshot::make(&derived.spec, state.policy);
    // What was published stays under the policy that it was made under; what is brought is made under today's.
    if read.plugin_version == derived.spec.version
        && !state.introduces_version(plugin)?
        && stands(state, plugin, text)?
    {
        return Ok(None);
    }
    let mut told = describe_difference(&RULE.info, &plugin.directory, SNAPSHOT, text, made.as_bytes());
    if let Some(told) = &mut told {
        // A snapshot of this version is kept otherwise.
        told.help =
            vec![format!("make it under today's policy: id-plugin generate {} --refresh", plugin.name())];
    }
    let brought = state.own_policy();
    Ok(told.filter(|_| {
        brought
            .is_none_or(|policy| policy_snapshot::make(&derived.spec, policy).as_bytes() != text.as_slice())
    }))
}

/// Whether base has the same snapshot, where it can be asked.
fn stands(state: &StateContext<'_>, plugin: &Plugin, text: &[u8]) -> Result<bool> {
    let (Some(tip), Some(spec)) = (state.tip, state.spec_on_base(plugin)?) else { return Ok(true) };
    let place = spec.path.parent().join(SNAPSHOT.as_bytes());
    let Some(node) = tip.find(&place)? else { return Ok(false) };
    Ok(match tip.read(&node, text.len() as u64) {
        Err(Error::TooLarge { .. }) => false,
        other => other? == text,
    })
}
