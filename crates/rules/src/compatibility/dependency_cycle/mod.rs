//! No plugin depends on itself through others.

mod graph;

use diagnostic::{Diagnostic, Level, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::SPEC;
use snapshot::Result;

use self::graph::Graph;

/// `CMP013` dependency-cycle.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEPENDENCY_CYCLE,
        summary: "no plugin depends on itself through others",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// The plugins of a cycle that a message names; the number of the others follows.
const MAX_NAMED_PLUGINS: usize = 100;

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let is_checked = state.changes.is_none() && state.reports_whole_tree
        || state.changes.is_some() && state.has_identities && !state.plugins.is_empty();
    if !is_checked {
        return Ok(());
    }
    let graph = Graph::of(state.index);
    let base = state.base_index.map(Graph::of);
    for cycle in graph.cycles() {
        // Of a cycle that the change touches, the first plugin of the change is the place.
        let first = match state.changes {
            None => 0,
            Some(_) => {
                let is_touched = |at: &usize| {
                    let directory = state.index.plugins[*at].directory();
                    state.plugins.iter().any(|plugin| plugin.directory == directory)
                };
                match cycle.iter().position(is_touched) {
                    Some(first) => first,
                    None => continue,
                }
            }
        };
        let cycle: Vec<usize> = cycle[first..].iter().chain(&cycle[..first]).copied().collect();
        let plugin = &state.index.plugins[cycle[0]];
        let next = &state.index.plugins[cycle[1 % cycle.len()]];
        let message = format!("plugins depend on each other: {}", shown(state, &cycle));
        let position = graph.position(cycle[0], cycle[1 % cycle.len()]);
        let place = match state.spec_of(plugin)? {
            Some(spec) => spec.place(&format!("/dependencies/{position}/key")),
            None => Location::of(&plugin.directory().join(SPEC.as_bytes())),
        };
        let mut finding = Diagnostic::new(&RULE.info, message).at(place).help(format!(
            "remove one of the dependencies, for example {} from {}, or move what both need into a third plugin",
            next.key, plugin.key
        ));
        if base.as_ref().is_some_and(|base| base.has_cycle(&graph, &cycle)) {
            finding.level = Level::Warn;
        }
        findings.push(finding);
    }
    Ok(())
}

/// Returns the keys of a cycle, from a plugin back to it.
fn shown(state: &StateContext<'_>, cycle: &[usize]) -> String {
    let key = |at: &usize| state.index.plugins[*at].key.clone();
    let mut keys: Vec<String> = cycle.iter().take(MAX_NAMED_PLUGINS).map(key).collect();
    if cycle.len() > keys.len() {
        keys.push(format!("{} more", cycle.len() - keys.len()));
    }
    keys.extend(cycle.first().map(key));
    keys.join(" → ")
}
