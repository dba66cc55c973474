//! A new artifact matches its ID card.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `ONE003` card-artifact-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_ARTIFACT_MISMATCH,
        summary: "a new artifact matches its ID card",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in state.plugins.iter() {
        let Some(spec) = &plugin.spec else { continue };
        let Some(card) = spec.text_at("/ulid").and_then(|ulid| state.index.card_of(ulid)) else { continue };
        let directory = String::from_utf8_lossy(plugin.directory.as_bytes()).into_owned();
        let claims = &card.claims;
        let is_created_here =
            plugin.is_new && state.base_index.is_none_or(|standing| standing.card(&card.name).is_none());
        let mut differ = |pointer: &str, what: &str, here: &str, there: &str| {
            if here != there && !there.is_empty() {
                let message = if here.is_empty() {
                    format!("the spec has no {what}, but the ID card contains {there}")
                } else {
                    format!("the {what} is {here}, but the ID card contains {there}")
                };
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(spec.place(pointer))
                        .related(Related {
                            location: Location::of(&card.path()),
                            commit: None,
                            message: "the ID card is here".into(),
                        })
                        .help("make them agree before the merge; a merged card never changes"),
                );
            }
        };
        differ("/ulid", "kind of artifact", "plugin", &claims.kind);
        // In a check of the whole tree, it is not known what changed since the artifact was created.
        if is_created_here && state.changes.is_some() {
            differ("/key", "key", spec.text_at("/key").unwrap_or_default(), &claims.key);
            differ("/owner", "owner", spec.text_at("/owner").unwrap_or_default(), &claims.owner);
            differ("", "path", &directory, &claims.path);
        }
    }
    Ok(())
}
