//! A dependency is another plugin of the repository.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::words::{dependencies, used};

/// `CMP006` dependency-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEPENDENCY_MISSING,
        summary: "a dependency is another plugin of the repository",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    if !state.has_identities {
        return Ok(());
    }
    for (plugin, spec) in used(state) {
        for dependency in dependencies(spec) {
            let (message, help) = match state.plugin_of_key(dependency.key) {
                None => (
                    format!("no plugin here has the key {}", dependency.key),
                    "id-plugin list shows the keys; a plugin is added before the one that needs it",
                ),
                Some(other) if other.directory() == plugin.directory => {
                    (format!("{} is the plugin itself", dependency.key), "remove it: a plugin needs others")
                }
                Some(_) => continue,
            };
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(spec.place(&format!("{}/key", dependency.pointer)))
                    .help(help),
            );
        }
    }
    Ok(())
}
