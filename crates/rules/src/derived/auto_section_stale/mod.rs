//! AUTO sections are up to date with the spec.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext, describe_difference};
use plugin_files::fence;
use snapshot::Result;

/// `GEN011` auto-section-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::AUTO_SECTION_STALE,
        summary: "AUTO sections are up to date with the spec",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        let is_fenced = |path: &str| path.starts_with("src/") || path.starts_with("tests/");
        for (path, made) in derived.derivation.files.iter().filter(|(path, _)| is_fenced(path)) {
            let Some(committed) = derived.files.files.get(path) else {
                findings.push(
                    Diagnostic::new(
                        &RULE.info,
                        format!("{path} is missing: the AUTO section `main` needs it"),
                    )
                    .at(Location::of(&plugin.path(derived.spec.runtime.entry.as_bytes())))
                    .help(format!("generate it: id-plugin generate {}", plugin.name())),
                );
                continue;
            };
            // An edited section is reported by its own rule.
            let is_edited = fence::find(committed)
                .is_ok_and(|sections| fence::edited(committed, &sections).next().is_some());
            if !is_edited {
                findings.extend(describe_difference(&RULE.info, &plugin.directory, path, committed, made));
            }
        }
    }
    Ok(())
}
