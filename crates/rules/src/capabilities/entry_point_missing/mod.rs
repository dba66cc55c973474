//! The entry point of a plugin is a file in its directory.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{Kind, Result};

use super::request::{escape_reason, specs};

/// `CAP007` entry-point-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::ENTRY_POINT_MISSING,
        summary: "the entry point of a plugin is a file in its directory",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (plugin, spec, value) in specs(state) {
        let kind = value.pointer("/runtime/kind").and_then(Value::as_str).unwrap_or_default();
        let Some(entry) = value.pointer("/runtime/entry") else { continue };
        let Some(path) = entry.as_str().filter(|path| !path.is_empty()) else { continue };
        // An address is not a file; a path that leaves the directory is reported by CAP002.
        if !matches!(kind, "process" | "wasm" | "grpc") || escape_reason(path).is_some() {
            continue;
        }
        let node = state.head.find(&plugin.path(path.as_bytes()))?;
        let (what, help) = match node.map(|node| node.object.mode.kind()) {
            // Links and submodules are reported by STR008.
            Some(Kind::File | Kind::Link | Kind::Submodule) => continue,
            Some(kind @ Kind::Directory) => (format!("is {kind}"), "name the file that starts the plugin"),
            None => (
                "does not exist in the plugin directory".into(),
                "add the file, or name an existing one such as `src/handler.py`; commit what a build produces",
            ),
        };
        let message = format!("entry point {} {what}", entry.show());
        findings.push(Diagnostic::new(&RULE.info, message).at(spec.place("/runtime/entry")).help(help));
    }
    Ok(())
}
