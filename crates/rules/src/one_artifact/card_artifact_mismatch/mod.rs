//! A new artifact is what its card says.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `ONE003` card-artifact-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_ARTIFACT_MISMATCH,
        summary: "a new artifact is what its card says",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in state.plugins.iter() {
        let Some(spec) = &plugin.spec else { continue };
        let Some(card) = spec.text_at("/ulid").and_then(|ulid| state.index.card_of(ulid)) else { continue };
        let directory = String::from_utf8_lossy(plugin.directory.as_bytes()).into_owned();
        let claims = &card.claims;
        let born_here =
            plugin.is_new && state.standing.is_none_or(|standing| standing.card(&card.name).is_none());
        let mut differ = |pointer: &str, what: &str, here: &str, there: &str| {
            if here != there && !there.is_empty() {
                findings.push(
                    Diagnostic::new(&RULE.info, format!("the {what} is {here}, and the card says {there}"))
                        .at(spec.place(pointer))
                        .related(Related {
                            location: Location::of(&card.path()),
                            commit: None,
                            message: "the card says so here".into(),
                        })
                        .help("make them agree: a card is changed only before it is merged"),
                );
            }
        };
        differ("/ulid", "kind of artifact", "plugin", &claims.kind);
        // When the whole tree is judged, what happened since birth is not known.
        if born_here && state.changes.is_some() {
            differ("/key", "key", spec.text_at("/key").unwrap_or_default(), &claims.key);
            differ("/owner", "owner", spec.text_at("/owner").unwrap_or_default(), &claims.owner);
            differ("", "place", &directory, &claims.path);
        }
    }
    Ok(())
}
