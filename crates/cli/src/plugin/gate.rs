//! Applies the gate's own rules to a plugin before it is written, so that no command writes what the gate refuses.

use std::collections::BTreeSet;

use diagnostic::Diagnostic;
use engine::{CoverageReports, Rule, TreesRequest, check_trees};
use plugin_files::PluginFiles;
use policy::Policy;
use snapshot::{Memory, Mode, RepoPath};

use super::editor::Edited;
use crate::environment;
use crate::error::CommandError;

/// The rules about a new plugin, whose findings do not depend on the rest of the repository.
pub(super) fn rules_of_new() -> Vec<&'static Rule> {
    [rules::structure::RULES, rules::schemas::RULES, rules::capabilities::RULES].concat()
}

/// The rules about limits: what an edit adds may be unfinished, but not too much.
pub(super) fn rules_of_edit() -> Vec<&'static Rule> {
    use rules::structure::{too_large, too_many, unsafe_path};
    vec![&too_large::RULE, &too_many::RULE, &unsafe_path::RULE]
}

/// Refuses a plugin with findings at level deny that it did not have before.
pub(super) fn refuse_denied(
    plugin: &Edited,
    policy: &Policy,
    rules: &[&'static Rule],
) -> Result<(), CommandError> {
    let identify = |finding: &Diagnostic| (finding.rule.id.code, finding.message.clone());
    let nothing = Memory::new();
    let (before, after) = (tree(plugin, &plugin.before), tree(plugin, &plugin.after));
    let known: BTreeSet<_> = check(rules, policy, &nothing, &before)?.iter().map(identify).collect();
    let base = if plugin.before.files.is_empty() { &nothing } else { &before };
    let denied = check(rules, policy, base, &after)?
        .into_iter()
        .find(|finding| finding.fails() && !known.contains(&identify(finding)));
    let Some(finding) = denied else { return Ok(()) };
    let (code, message) = (finding.rule.id.code, finding.message);
    Err(CommandError::refused(
        format!("the gate would refuse {}: {code} {message}", plugin.directory),
        finding.help.first().cloned().unwrap_or_else(|| format!("id-guard explain {code}")),
    ))
}

fn tree(plugin: &Edited, files: &PluginFiles) -> Memory {
    let mut tree = Memory::new();
    for (inside, text) in &files.files {
        let path = format!("{}/{inside}", plugin.directory);
        tree.insert(RepoPath::from(path.as_str()), Mode::File, text.clone());
    }
    tree
}

fn check(
    rules: &[&'static Rule],
    policy: &Policy,
    base: &Memory,
    head: &Memory,
) -> Result<Vec<Diagnostic>, CommandError> {
    let request = TreesRequest {
        rules,
        policy,
        today: environment::today(),
        custom: &|_, _, _| Ok(Vec::new()),
        coverage: CoverageReports::default(),
    };
    Ok(check_trees(&request, base, head, &[])?)
}
