//! A plugin has recorded results, if the policy requires them.

use diagnostic::{Diagnostic, Location, RuleInfo};
use documents::budget::RESULTS;
use engine::{Check, Rule, StateContext};
use plugin_files::digest_without;
use policy::Section;
use snapshot::{Error, Result};

/// `DOC014` results-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::RESULTS_MISSING,
        summary: "a plugin has recorded results, if the policy requires them",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let Some(frozen) = &texts.frozen else { continue };
        if texts.results.is_some() || !frozen.demands(Section::Quality, "results") {
            continue;
        }
        let mut help = format!("run the conformance tests, and commit their results as {RESULTS}");
        if let Some(derived) = state.derived(plugin)? {
            match digest_without(&derived.files, &derived.spec, RESULTS) {
                Ok(content) => {
                    let version = &derived.spec.version;
                    help +=
                        &format!(", with \"version\": \"{version}\" and \"content_sha256\": \"{content}\"");
                }
                // Another rule reports that the plugin is too large.
                Err(Error::TooLarge { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        findings.push(
            Diagnostic::new(
                &RULE.info,
                format!("plugin {}: {RESULTS} is missing, which the policy requires", plugin.name()),
            )
            .at(Location::of(&plugin.directory))
            .related(frozen.origin(Section::Quality, "results"))
            .help(help),
        );
    }
    Ok(())
}
