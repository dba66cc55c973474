//! A reviewer approves each new request for a capability.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::request::{CapabilityRequest, is_limit, requests, specs, with_policy_line};

/// The most new things that one message names.
const MAX_NAMED_REQUESTS: usize = 5;

/// `CAP005` review-required.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::REVIEW_REQUIRED,
        summary: "a reviewer approves each new request for a capability",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let watched = state.policy.values.names(Section::Security, "review_required").unwrap_or_default();
    if watched.is_empty() || state.tip.is_none() {
        return Ok(());
    }
    for (plugin, spec, value) in specs(state).filter(|(_, spec, _)| state.is_touched(&spec.path)) {
        let before = state.spec_on_base(plugin)?;
        let before = before.as_ref().and_then(|before| before.value.as_ref().ok());
        for capability in watched {
            let had = before.map(|before| requests(before, capability)).unwrap_or_default();
            let requested = requests(value, capability);
            let is_limited =
                |limit: &CapabilityRequest<'_>| requested.iter().any(|other| other.unit() == limit.unit());
            let gone = had.iter().find(|limit| is_limit(capability) && !is_limited(limit));
            let news: Vec<&CapabilityRequest<'_>> =
                requested.iter().filter(|request| !request.is_covered_by(&had)).collect();
            let message = match news.as_slice() {
                [] => match gone {
                    Some(_) if requested.is_empty() => format!("the plugin no longer limits {capability}"),
                    Some(limit) => {
                        format!("the plugin no longer limits {capability}: {} was the limit", limit.show())
                    }
                    None => continue,
                },
                news if had.is_empty() => format!("the plugin requests {capability}: {}", listed(news)),
                news => format!(
                    "the plugin requests more under {capability} than on the base branch: {}",
                    listed(news)
                ),
            };
            let place = match news.first() {
                Some(first) => spec.place(&first.pointer),
                None => spec.place("/capabilities"),
            };
            let finding = Diagnostic::new(&RULE.info, message)
                .at(place)
                .help("ask a security reviewer to approve it; merging the change is the approval");
            findings.push(with_policy_line(state, "review_required", finding));
        }
    }
    Ok(())
}

fn listed(news: &[&CapabilityRequest<'_>]) -> String {
    let mut shown: Vec<String> = news.iter().take(MAX_NAMED_REQUESTS).map(|request| request.show()).collect();
    if news.len() > MAX_NAMED_REQUESTS {
        shown.push(format!("{} more", news.len() - MAX_NAMED_REQUESTS));
    }
    shown.join(", ")
}
