//! What starts a plugin is a file in its folder.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use snapshot::{Kind, Result};

use super::words::{leads_out, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CAP007` entry-point-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ENTRY_POINT_MISSING,
        summary: "what starts a plugin is a file in its folder",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (plugin, spec, value) in specs(state) {
        let kind = value.pointer("/runtime/kind").and_then(Value::as_str).unwrap_or_default();
        let Some(entry) = value.pointer("/runtime/entry") else { continue };
        let Some(path) = entry.as_str().filter(|path| !path.is_empty()) else { continue };
        // An address is started elsewhere; a path that leads elsewhere is told by another rule.
        if !matches!(kind, "process" | "wasm" | "grpc") || leads_out(path).is_some() {
            continue;
        }
        let node = state.head.find(&plugin.path(path.as_bytes()))?;
        let (what, help) = match node.map(|node| node.object.mode.kind()) {
            // Links and submodules are told by a rule of their own.
            Some(Kind::File | Kind::Link | Kind::Submodule) => continue,
            Some(kind @ Kind::Directory) => (format!("is {kind}"), "name the file that is started"),
            None => (
                "does not stand in the plugin's folder".into(),
                "add the file, or name the one that stands, as in `src/handler.py`; what a build makes is committed, or made by what is named here",
            ),
        };
        let message = format!("{}, which starts the plugin, {what}", entry.show());
        findings.push(Diagnostic::new(&RULE.info, message).at(spec.place("/runtime/entry")).help(help));
    }
    Ok(())
}
