//! A plugin's files lie in its folder.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::{elements, leads_out, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CAP002` path-escapes-plugin.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PATH_ESCAPES_PLUGIN,
        summary: "a plugin's files lie in its folder",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (_, spec, value) in specs(state) {
        let is_external = value.pointer("/runtime/kind").and_then(Value::as_str) == Some("external");
        let entry = value.pointer("/runtime/entry").filter(|_| !is_external);
        let entry = entry.map(|entry| ("/runtime/entry".to_string(), entry));
        let files = elements(value, "/capabilities/filesystem")
            .filter_map(|(pointer, file)| Some((format!("{pointer}/path"), file.pointer("/path")?)));
        for (pointer, path) in entry.into_iter().chain(files) {
            if let Some(why) = path.as_str().and_then(leads_out) {
                let message = format!("{} may lead out of the plugin's folder: it {why}", path.show());
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(spec.place(&pointer))
                        .help("write it from the plugin's folder, with `/`, as in `data/cache`"),
                );
            }
        }
    }
    Ok(())
}
