//! A path can be checked out on every operating system.

use artifact::tag::is_plugin_name;
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
    for plugin in &state.plugins {
        // What Windows or people cannot read is reported as such below.
        if !is_plugin_name(plugin.directory.name()) && why_unsafe(plugin.directory.name()).is_none() {
            report_name(&plugin.directory, findings);
        }
    }
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

/// Reports a plugin whose directory's name is unfit for tag names and scripts.
fn report_name(directory: &RepoPath, findings: &mut Vec<Diagnostic>) {
    let name = String::from_utf8_lossy(directory.name()).into_owned();
    let plain: String = name
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' })
        .collect();
    let plain = plain.trim_matches(['_', '-']);
    let message = format!(
        "{} is not a valid name of a plugin's directory: tags and scripts contain it",
        engine::quote(directory)
    );
    let finding = Diagnostic::new(&RULE.info, message).at(Location::of(directory));
    let alphabet = "use lower-case letters, digits, `_` and `-`, a letter or digit first";
    let parent = String::from_utf8_lossy(directory.parent().as_bytes()).into_owned();
    findings.push(if plain.is_empty() {
        finding.help(alphabet)
    } else {
        let [from, to] = [&name, plain].map(|name| artifact::shell::word(format!("{parent}/{name}")));
        finding.help(alphabet).help(format!("rename it: git mv -- {from} {to}"))
    });
}
