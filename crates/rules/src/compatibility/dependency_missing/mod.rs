//! A dependency is another plugin of the repository.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::consequence::consequence;
use super::version_step::{dependencies, used};

/// `CMP006` dependency-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEPENDENCY_MISSING,
        summary: "a dependency is another plugin of the repository",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.has_identities {
        return Ok(());
    }
    for (plugin, spec) in used(state) {
        for dependency in dependencies(spec) {
            let (message, help) = match state.plugin_of_key(dependency.key) {
                None => (
                    format!("no plugin has the key {}", dependency.key),
                    "list the keys with `id-plugin list`; add a new plugin before the one that depends on it",
                ),
                Some(other) if other.directory() == plugin.directory => (
                    format!("{} is a key of this plugin: it depends on itself", dependency.key),
                    "remove the dependency",
                ),
                Some(_) => continue,
            };
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(spec.place(&format!("{}/key", dependency.pointer)))
                    .help(help),
            );
        }
    }
    for affected in state.affected_dependencies().iter().filter(|affected| affected.after.is_none()) {
        let (key, dependent) = (affected.key, &affected.dependent.key);
        let message = format!("no plugin has the key {key} any more, and {dependent} depends on it");
        let finding = consequence(&RULE.info, state, affected, (message, "/key"))?;
        findings.push(finding.help(format!(
            "keep {key} as an alias, or remove the dependency from {dependent} in a change before this one"
        )));
    }
    Ok(())
}
