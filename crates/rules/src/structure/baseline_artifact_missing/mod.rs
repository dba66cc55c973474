//! A plugin has all required files.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Plugin, Rule, StateContext};
use plugin_files::DERIVED;
use snapshot::Result;

use super::test_files::{CONTRACT, TestFiles};

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

/// Returns whether a test of the whole plugin exists; without any tests, the directory is reported instead.
fn has_contract_test(state: &StateContext<'_>, plugin: &Plugin) -> Result<bool> {
    let has_tests = plugin.files.keys().any(|inside| inside.starts_with(b"tests/"));
    let spec = plugin.spec.as_ref().and_then(|spec| spec.value.as_ref().ok());
    // The files that the spec names are checked by the rule about tests of operations.
    let is_mapped = spec.is_some_and(|spec| spec.pointer(&format!("/tests/{CONTRACT}")).is_some());
    Ok(!has_tests || is_mapped || TestFiles::of(state.head, plugin).are_named_for(CONTRACT)?)
}

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
        if !has_contract_test(state, plugin)? {
            findings.push(
                Diagnostic::new(&RULE.info, format!("plugin {}: no contract test", plugin.name()))
                    .at(Location::of(&plugin.directory))
                    .help("add a test of the whole process and its events, named for it: tests/test_contract.py"),
            );
        }
    }
    Ok(())
}
