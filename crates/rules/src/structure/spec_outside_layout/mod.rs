//! A plugin spec is in the directory of a plugin.

use artifact::layout::{DirectoryPattern, Layout};
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::SPEC;
use snapshot::{RepoPath, Result};

/// `STR011` spec-outside-layout.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SPEC_OUTSIDE_LAYOUT,
        summary: "a plugin spec is in the directory of a plugin",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let layout = &state.policy.layout;
    let outside: Vec<RepoPath> = match state.changes {
        Some(changes) => changes
            .iter()
            .filter(|change| change.after.is_some() && layout.is_spec_outside(&change.path))
            .map(|change| change.path.clone())
            .collect(),
        None if state.reports_whole_tree => layout.specs_outside(state.head)?,
        None => Vec::new(),
    };
    findings.extend(outside.iter().map(|path| {
        Diagnostic::new(
            &RULE.info,
            format!("{SPEC} outside the plugin directories ({}): nothing checks it", layout.show()),
        )
        .at(Location::of(path))
        .help(help(layout, path))
    }));
    Ok(())
}

/// Suggests a pattern for the directory, where the policy could have it beside the others.
fn help(layout: &Layout, path: &RepoPath) -> String {
    let directory = path.parent();
    let pattern = String::from_utf8_lossy(directory.parent().join(b"*").as_bytes()).into_owned();
    let fits = |pattern: &DirectoryPattern| {
        let patterns = layout.plugins().iter().cloned().chain([pattern.clone()]).collect();
        Layout::new(patterns, Vec::new()).is_ok_and(|layout| layout.is_plugin_directory(&directory))
    };
    match DirectoryPattern::parse(&pattern).ok().filter(fits) {
        Some(pattern) => format!(
            "move it to a plugin directory, or add `{}` to structure.plugins in the policy",
            pattern.as_str()
        ),
        None => format!("move it to a plugin directory: {}", layout.show()),
    }
}
