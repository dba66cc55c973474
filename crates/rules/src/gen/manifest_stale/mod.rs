//! A plugin's manifest is derived.

use diagnostic::{Diagnostic, Level, RuleInfo};
use generate::plugin::MANIFEST;
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `GEN005` manifest-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "GEN005",
        name: "manifest-stale",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "a manifest is what the spec and the files of the plugin make",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        findings.extend(derived.tell_stale(&RULE.info, plugin, MANIFEST));
    }
    Ok(())
}
