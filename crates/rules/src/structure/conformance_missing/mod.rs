//! A plugin has a conformance directory.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR005` conformance-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFORMANCE_MISSING,
        summary: "a plugin has a conformance directory",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if !plugin.files.keys().any(|inside| inside.starts_with(b"conformance/")) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("plugin {}: conformance/ is empty or missing", plugin.name()),
                )
                .at(Location::of(&plugin.directory))
                .help("add conformance/ with schema fixtures, scenarios or budgets"),
            );
        }
    }
    Ok(())
}
