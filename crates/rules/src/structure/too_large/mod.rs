//! A plugin stays within its size limits.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{Error, Mode, Result};

/// `STR009` too-large.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TOO_LARGE,
        summary: "a plugin stays within its size limits",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let mut total = 0u64;
        for (inside, node) in &plugin.files {
            if !matches!(node.object.mode, Mode::File | Mode::Executable) {
                continue;
            }
            let left = state.policy.structure.plugin_bytes.saturating_sub(total);
            let text = match state.head.read(node, left) {
                Err(Error::TooLarge { .. }) => {
                    let limit = state.policy.structure.plugin_bytes;
                    findings.push(
                        Diagnostic::new(
                            &RULE.info,
                            format!("plugin {} is larger than {limit} bytes", plugin.name()),
                        )
                        .at(Location::of(&node.path))
                        .help("keep large files outside of the repository, or raise structure.plugin_bytes in the policy"),
                    );
                    break;
                }
                other => other?,
            };
            total += text.len() as u64;
            let lines = text.iter().filter(|&&byte| byte == b'\n').count();
            let handler = inside.strip_prefix(b"src/").is_some_and(|rest| !rest.contains(&b'/'));
            if handler && lines > state.policy.structure.handler_lines {
                let limit = state.policy.structure.handler_lines;
                findings.push(
                    Diagnostic::new(&RULE.info, format!("the handler has {lines} lines (limit {limit})"))
                        .at(Location::of(&node.path))
                        .help("split it into modules below src/"),
                );
            }
        }
    }
    Ok(())
}
