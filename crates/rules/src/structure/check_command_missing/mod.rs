//! A plugin declares the commands of its checks, as the policy requires.

use artifact::escape;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

/// `STR012` check-command-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECK_COMMAND_MISSING,
        summary: "a plugin declares the commands of its checks, as the policy requires",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let texts = state.texts(plugin)?;
        let (Some(frozen), Some(spec)) = (&texts.frozen, &plugin.spec) else { continue };
        let Ok(value) = &spec.value else { continue };
        for name in frozen.names(Section::Quality, "checks") {
            if value.pointer(&format!("/checks/{}", escape(name))).is_some() {
                continue;
            }
            let example = if name == "coverage" {
                r#""coverage": {"command": ["make", "coverage"], "report": "lcov.info"}"#.into()
            } else {
                format!(r#""{name}": ["make", "{name}"]"#)
            };
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("no command for the check `{name}`, which the policy requires"),
                )
                .at(spec.place("/checks"))
                .related(frozen.origin(Section::Quality, "checks"))
                .help(format!("declare it in `checks` of the spec, such as {example}")),
            );
        }
    }
    Ok(())
}
