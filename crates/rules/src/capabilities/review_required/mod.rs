//! Somebody looks at what a plugin asks for anew.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Section;
use snapshot::Result;

use super::words::{Ask, as_policy_says, asks, limits, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// The most new things that one message names.
const MOST_NAMED: usize = 5;

/// `CAP005` review-required.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REVIEW_REQUIRED,
        summary: "somebody looks at what a plugin asks for anew",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let watched = state.policy.values.names(Section::Security, "review_required").unwrap_or_default();
    if watched.is_empty() || state.tip.is_none() {
        return Ok(());
    }
    for (plugin, spec, value) in specs(state).filter(|(_, spec, _)| state.is_touched(&spec.path)) {
        let before = state.spec_on_base(plugin)?;
        let before = before.as_ref().and_then(|before| before.value.as_ref().ok());
        for capability in watched {
            let had = before.map(|before| asks(before, capability)).unwrap_or_default();
            let asked = asks(value, capability);
            let is_gone = !had.is_empty() && asked.is_empty() && limits(capability);
            let news: Vec<&Ask<'_>> = asked.iter().filter(|ask| !ask.is_within(&had)).collect();
            let message = match news.as_slice() {
                [] if is_gone => format!("the plugin has no limit of {capability} any more"),
                [] => continue,
                news if had.is_empty() => format!("the plugin asks for {capability}: {}", listed(news)),
                news => format!("the plugin asks for more under {capability} than on base: {}", listed(news)),
            };
            let place = match news.first() {
                Some(first) => spec.place(&first.pointer),
                None => spec.place("/capabilities"),
            };
            let told = Diagnostic::new(&RULE.info, message)
                .at(place)
                .help("have it looked at by whoever answers for security: the merge settles it");
            findings.push(as_policy_says(state, "review_required", told));
        }
    }
    Ok(())
}

fn listed(news: &[&Ask<'_>]) -> String {
    let mut shown: Vec<String> = news.iter().take(MOST_NAMED).map(|ask| ask.show()).collect();
    if news.len() > MOST_NAMED {
        shown.push(format!("{} more", news.len() - MOST_NAMED));
    }
    shown.join(", ")
}
