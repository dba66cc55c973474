//! A plugin has all required files.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::DERIVED;
use snapshot::Result;

/// The files, and what each is.
const FILES: [(&str, &str); 6] = [
    ("plugin.spec.json", "the source of everything that is known of the plugin"),
    ("manifest.json", "what a loader reads, derived from the spec"),
    ("ledger_contract.json", "the JSON Schema of the events that the plugin emits"),
    ("policy_snapshot.json", "the policy values that the plugin was made under"),
    ("README_PLUGIN.md", "what the plugin does and how to use it"),
    ("healthcheck.md", "the probes of its health"),
];
/// The folders, and what lies in each.
const FOLDERS: [(&str, &str); 2] = [("src/", "the handler"), ("tests/", "unit and contract tests")];

/// `STR001` baseline-artifact-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BASELINE_ARTIFACT_MISSING,
        summary: "a plugin has all required files",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        for (name, what) in FILES {
            if !plugin.has(name) {
                findings.push(
                    Diagnostic::new(&RULE.info, format!("plugin {}: {name} is missing", plugin.name()))
                        .at(Location::of(&plugin.directory))
                        .help(if DERIVED.contains(&name) && plugin.has("plugin.spec.json") {
                            format!("generate it: id-plugin generate {}", plugin.name())
                        } else {
                            format!("add {name}: {what}")
                        }),
                );
            }
        }
        for (name, what) in FOLDERS {
            if !plugin.files.keys().any(|inside| inside.starts_with(name.as_bytes())) {
                findings.push(
                    Diagnostic::new(
                        &RULE.info,
                        format!("plugin {}: {name} is empty or missing", plugin.name()),
                    )
                    .at(Location::of(&plugin.directory))
                    .help(format!("add {name}: {what}")),
                );
            }
        }
    }
    Ok(())
}
