//! A key belongs to one artifact, and so does the name in its tags.

use artifact::tag::Template;
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Plugin, Rule, StateContext};
use index::{ClaimKind, SPEC};
use snapshot::Result;

use super::claims::{claimed_twice, is_key};

/// `UNI002` duplicate-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DUPLICATE_KEY,
        summary: "a key belongs to one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (here, other) in state.conflicts(ClaimKind::Key) {
        if is_key(here) && is_key(other) {
            findings.push(
                claimed_twice(
                    state,
                    &RULE.info,
                    here,
                    other,
                    format!("key {} is already used by another artifact", here.written),
                )
                .help("choose another key; `id-mint` derives an unused one from the name"),
            );
        }
    }
    let by_name = state.policy.tags.plugin.as_ref().is_some_and(Template::identifies_by_name);
    if by_name && !state.policy.layout.is_default() {
        findings.extend(state.plugins.iter().filter_map(|plugin| same_name(state, plugin)));
    }
    Ok(())
}

/// Reports a plugin whose directory has the name of another one's: their versions would have the same tags.
fn same_name(state: &StateContext<'_>, plugin: &Plugin) -> Option<Diagnostic> {
    let spec = plugin.spec.as_ref()?;
    let ulid = spec.text_at("/ulid").unwrap_or_default();
    let indexes = std::iter::once(state.index).chain(state.base_index);
    let other = indexes.flat_map(|index| &index.plugins).find(|other| {
        let directory = other.directory();
        !other.ulid.is_empty() && other.ulid != ulid && directory.name() == plugin.directory.name()
    })?;
    let name = String::from_utf8_lossy(plugin.directory.name()).into_owned();
    let directory = other.directory();
    Some(
        Diagnostic::new(
            &RULE.info,
            format!(
                "the directory name {name} is already that of {}: their versions would have the same tags",
                String::from_utf8_lossy(directory.as_bytes())
            ),
        )
        .at(spec.place(""))
        .related(Related {
            location: Location::of(&directory.join(SPEC.as_bytes())),
            commit: None,
            message: "the other plugin".into(),
        })
        .help(format!("move it: id-plugin move {} {name}_2", plugin.name()))
        .help("or use {key} instead of {name} in the policy: tags: {plugin: \"plugin-{key}-{version}\"}"),
    )
}
