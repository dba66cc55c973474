//! A path can be checked out on every operating system.

use diagnostic::portable::why_unsafe;
use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{RepoPath, Result};

/// `STR007` unsafe-path.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::UNSAFE_PATH,
        summary: "a path can be checked out on every operating system",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut report = |path: &RepoPath, why: &str| {
        findings.push(
            Diagnostic::new(&RULE.info, format!("unsafe path: a part of it {why}"))
                .at(Location::of(path))
                .help("use letters, digits, `.`, `_` and `-` only"),
        );
    };
    let Some(changes) = state.changes else {
        return state.each_directory(&mut |directory, listing| {
            for entry in listing.iter() {
                if let Some(why) = why_unsafe(entry.name) {
                    report(&directory.join(entry.name), why);
                }
            }
        });
    };
    for change in changes.iter().filter(|change| change.before.is_none() && change.after.is_some()) {
        if let Some(why) = change.path.components().find_map(why_unsafe) {
            report(&change.path, why);
        }
    }
    Ok(())
}
