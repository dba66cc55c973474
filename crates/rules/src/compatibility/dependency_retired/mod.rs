//! A dependency is not retired.

use artifact::Value;
use diagnostic::{Diagnostic, Level, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use index::SPEC;
use snapshot::Result;

use super::consequence::consequence;
use super::version_step::{dependencies, is_final, used};

/// The most plugins that are named as those that took one in.
const MAX_NAMED_SUCCESSORS: usize = 5;

/// `CMP007` dependency-retired.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEPENDENCY_RETIRED,
        summary: "a dependency is not retired",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (plugin, spec) in used(state) {
        for dependency in dependencies(spec) {
            let Some(other) = state.plugin_of_key(dependency.key) else { continue };
            let is_deprecated = other.status == "deprecated";
            let is_draft = other.status == "draft";
            let is_usable = !is_deprecated && !is_draft && !is_final(&other.status);
            if other.directory() == plugin.directory || is_usable {
                continue;
            }
            let there = Document::open(state.head, &other.directory().join(SPEC.as_bytes()))?;
            let successors = there.as_ref().map(|there| successors(state, there)).unwrap_or_default();
            let mut finding =
                Diagnostic::new(&RULE.info, format!("dependency {} is {}", dependency.key, other.status))
                    .at(spec.place(&format!("{}/key", dependency.pointer)))
                    .help(if is_draft {
                        format!("publish it first: id-plugin publish {}", other.key)
                    } else if successors.is_empty() {
                        "depend on an active plugin, or remove the dependency".into()
                    } else {
                        format!("depend on its replacement: {}", successors.join(", "))
                    });
            if let Some(there) = &there {
                finding = finding.related(Related {
                    location: there.place("/status"),
                    commit: None,
                    message: format!("it is {} here", other.status),
                });
            }
            // A draft that depends on another one is checked again when it is published.
            if is_deprecated || is_draft && spec.text_at("/status") == Some("draft") {
                finding.level = Level::Warn;
            }
            findings.push(finding);
        }
    }
    for affected in &state.affected_dependencies() {
        let Some(after) = affected.after else { continue };
        if stage(&after.status) <= stage(&affected.before.status) {
            continue;
        }
        let (key, dependent) = (affected.key, &affected.dependent.key);
        let message = format!("{key} becomes {}, and {dependent} depends on it", after.status);
        let mut finding = consequence(&RULE.info, state, affected, (message, "/status"))?
            .help(format!("remove the dependency from {dependent} in a change before this one"));
        if !is_final(&after.status) {
            finding.level = Level::Warn;
        }
        findings.push(finding);
    }
    Ok(())
}

/// Returns how far a plugin is from use: 0 where others may depend on it.
fn stage(status: &str) -> u8 {
    match status {
        "deprecated" => 1,
        status if is_final(status) => 2,
        _ => 0,
    }
}

/// Returns the keys of the plugins that replace this one, as its spec names them.
fn successors(state: &StateContext<'_>, there: &Document) -> Vec<String> {
    if let Some(key) = there.text_at("/deprecation/replaced_by") {
        return vec![key.into()];
    }
    let list = there.value.as_ref().ok().and_then(|value| value.pointer("/links/merged_into")?.as_list());
    let ulids = list.unwrap_or_default().iter().filter_map(Value::as_str).take(MAX_NAMED_SUCCESSORS);
    // The card contains the first key, which remains an alias of the plugin.
    let key = |ulid: &str| {
        let card = state.index.card_of(ulid);
        let successor = card.and_then(|card| state.plugin_of_key(&card.claims.key));
        successor
            .filter(|successor| successor.ulid == ulid)
            .map_or_else(|| ulid.to_string(), |successor| successor.key.clone())
    };
    ulids.map(key).collect()
}
