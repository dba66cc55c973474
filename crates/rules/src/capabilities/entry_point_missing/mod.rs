//! The entry point of a plugin is a file in its directory.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{Error, Kind, Node, Result, Snapshot};

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

/// The size of an entry point whose start is read; a larger file is not empty.
const MAX_ENTRY_BYTES: u64 = 64 << 20;
/// A module starts with these bytes, and then its version (WebAssembly Core 1.0 §5.5.15).
const WASM_MAGIC: &[u8] = b"\0asm";
/// The versions of a core module, and of a component (Component Model, Binary Format).
const WASM_VERSIONS: [[u8; 4]; 2] = [[1, 0, 0, 0], [0x0d, 0, 1, 0]];

/// Returns why the content of a file cannot be an entry point of a kind, and how to fix it.
fn content_problem(head: &dyn Snapshot, node: &Node, kind: &str) -> Result<Option<(String, &'static str)>> {
    let text = match head.read(node, MAX_ENTRY_BYTES) {
        Err(Error::TooLarge { .. }) => return Ok(None),
        other => other?,
    };
    Ok(if text.is_empty() {
        Some(("is empty".into(), "commit the program that starts the plugin"))
    } else if kind == "wasm" && !is_module(&text) {
        let help = "commit the compiled module: it starts with `\\0asm` and version 1";
        Some(("is not a WebAssembly module".into(), help))
    } else {
        None
    })
}

/// Returns whether bytes start as a WebAssembly module does.
fn is_module(text: &[u8]) -> bool {
    let version = text.strip_prefix(WASM_MAGIC).and_then(|rest| rest.first_chunk::<4>());
    version.is_some_and(|version| WASM_VERSIONS.contains(version))
}

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
        let (what, help) = match node.as_ref().map(|node| node.object.mode.kind()) {
            // Links and submodules are reported by STR008.
            Some(Kind::Link | Kind::Submodule) => continue,
            Some(Kind::File) => {
                match node.map(|node| content_problem(state.head, &node, kind)).transpose()?.flatten() {
                    None => continue,
                    Some(problem) => problem,
                }
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_starts_with_magic_and_version() {
        for (bytes, expected) in [
            (&b"\0asm\x01\0\0\0"[..], true),
            (b"\0asm\x01\0\0\0rest", true),
            (b"\0asm\x0d\0\x01\0", true),
            (b"\0asm", false),
            (b"\0asm\x02\0\0\0", false),
            (b"asm\0\x01\0\0\0", false),
            (b"", false),
        ] {
            assert_eq!(is_module(bytes), expected, "{bytes:?}");
        }
    }
}
