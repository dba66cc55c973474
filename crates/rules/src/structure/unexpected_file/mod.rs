//! A plugin directory contains only expected files.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

const FOLDERS: [&str; 7] = ["src", "tests", "conformance", "schemas", "examples", "assets", "docs"];
const FILES: [&str; 21] = [
    ".gitignore",
    "plugin.spec.json",
    "manifest.json",
    "ledger_contract.json",
    "policy_snapshot.json",
    "README_PLUGIN.md",
    "healthcheck.md",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "NOTICE",
    "Cargo.toml",
    "Cargo.lock",
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "go.mod",
];
/// The ends of names that nobody meant to commit.
const JUNK: [&str; 7] = [".pyc", "__pycache__", ".DS_Store", "~", ".swp", ".orig", "node_modules"];

/// `STR006` unexpected-file.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNEXPECTED_FILE,
        summary: "a plugin directory contains only expected files",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        for inside in plugin.files.keys() {
            let top = inside.split(|&byte| byte == b'/').next().unwrap_or_default();
            let name = String::from_utf8_lossy(top);
            let is_folder = top.len() < inside.len();
            let known =
                if is_folder { FOLDERS.contains(&name.as_ref()) } else { FILES.contains(&name.as_ref()) };
            let junk = inside
                .split(|&byte| byte == b'/')
                .any(|part| JUNK.iter().any(|junk| part.ends_with(junk.as_bytes())));
            if !known || junk {
                findings.push(
                    Diagnostic::new(&RULE.info, "unexpected file in a plugin")
                        .at(Location::of(&plugin.path(inside)))
                        .help("remove it, or move it to src/, tests/, assets/ or docs/"),
                );
            }
        }
    }
    Ok(())
}
