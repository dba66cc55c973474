//! A plugin depends on what is still used.

use artifact::Value;
use diagnostic::{Diagnostic, Level, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use index::SPEC;
use snapshot::Result;

use super::words::{dependencies, is_over, used};

/// The most plugins that are named as those that took one in.
const MOST_NAMED: usize = 5;

/// `CMP007` dependency-retired.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DEPENDENCY_RETIRED,
        summary: "a plugin depends on what is still used",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (plugin, spec) in used(state) {
        for dependency in dependencies(spec) {
            let Some(other) = state.plugin_of_key(dependency.key) else { continue };
            let is_deprecated = other.status == "deprecated";
            if other.directory() == plugin.directory || !is_deprecated && !is_over(&other.status) {
                continue;
            }
            let there = Document::open(state.head, &other.directory().join(SPEC.as_bytes()))?;
            let heirs = there.as_ref().map(|there| heirs(state, there)).unwrap_or_default();
            let mut told = Diagnostic::new(&RULE.info, format!("{} is {}", dependency.key, other.status))
                .at(spec.place(&format!("{}/key", dependency.pointer)))
                .help(match heirs.is_empty() {
                    true => "depend on a plugin that is active, or on none".into(),
                    false => format!("depend on what takes its place: {}", heirs.join(", ")),
                });
            if let Some(there) = &there {
                told = told.related(Related {
                    location: there.place("/status"),
                    commit: None,
                    message: format!("it is {} here", other.status),
                });
            }
            if is_deprecated {
                told.level = Level::Warn;
            }
            findings.push(told);
        }
    }
    Ok(())
}

/// The keys of what takes a plugin's place, as its spec says.
fn heirs(state: &StateContext<'_>, there: &Document) -> Vec<String> {
    if let Some(key) = there.text_at("/deprecation/replaced_by") {
        return vec![key.into()];
    }
    let list = there.value.as_ref().ok().and_then(|value| value.pointer("/links/merged_into")?.as_list());
    let ulids = list.unwrap_or_default().iter().filter_map(Value::as_str).take(MOST_NAMED);
    // The card knows the key of birth, which stays a key of the plugin.
    let key = |ulid: &str| {
        let card = state.index.card_of(ulid);
        let heir = card.and_then(|card| state.plugin_of_key(&card.claims.key));
        heir.filter(|heir| heir.ulid == ulid).map_or_else(|| ulid.to_string(), |heir| heir.key.clone())
    };
    ulids.map(key).collect()
}
