//! Every path that a plugin requests stays in its directory.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::request::{elements, escape_reason, specs};

/// `CAP002` path-escapes-plugin.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PATH_ESCAPES_PLUGIN,
        summary: "every path that a plugin requests stays in its directory",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (_, spec, value) in specs(state) {
        let is_external = value.pointer("/runtime/kind").and_then(Value::as_str) == Some("external");
        let entry = value.pointer("/runtime/entry").filter(|_| !is_external);
        let entry = entry.map(|entry| ("/runtime/entry".to_string(), entry));
        let files = elements(value, "/capabilities/filesystem")
            .filter_map(|(pointer, file)| Some((format!("{pointer}/path"), file.pointer("/path")?)));
        for (pointer, path) in entry.into_iter().chain(files) {
            if let Some(reason) = path.as_str().and_then(escape_reason) {
                let message = format!("{} may leave the plugin directory: it {reason}", path.show());
                findings.push(Diagnostic::new(&RULE.info, message).at(spec.place(&pointer)).help(
                    "write the path relative to the plugin directory, with `/`, for example `data/cache`",
                ));
            }
        }
    }
    Ok(())
}
