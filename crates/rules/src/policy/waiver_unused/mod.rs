//! Every waiver covers at least one finding.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, WaiverContext};
use policy::WAIVERS_PATH;
use snapshot::RepoPath;

/// `POL005` waiver-unused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::WAIVER_UNUSED,
        summary: "every waiver covers at least one finding",
        page: include_str!("README.md"),
    },
    check: Check::Waivers(check),
};

fn check(context: &WaiverContext<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.whole_history {
        return;
    }
    for (waiver, _) in context.policy.waivers.iter().zip(context.used).filter(|(_, used)| !**used) {
        if waiver.is_expired(context.today) {
            continue;
        }
        let location =
            Location::at(&RepoPath::from(WAIVERS_PATH), &context.policy.waivers_text, waiver.span.clone());
        let message = format!("the waiver of {} covers no finding in the history", waiver.code);
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(location)
                .help("remove it, unless the change that it was written for is still open"),
        );
    }
}
