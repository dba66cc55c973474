//! No waiver is past its `until` date.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, WaiverContext};
use policy::WAIVERS_PATH;
use snapshot::RepoPath;

/// `POL004` waiver-expired.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::WAIVER_EXPIRED,
        summary: "no waiver is past its `until` date",
        page: include_str!("README.md"),
    },
    check: Check::Waivers(check),
};

fn check(context: &WaiverContext<'_>, findings: &mut Vec<Diagnostic>) {
    for waiver in context.policy.waivers.iter().filter(|waiver| waiver.is_expired(context.today)) {
        let location =
            Location::at(&RepoPath::from(WAIVERS_PATH), &context.policy.waivers_text, waiver.span.clone());
        let message = format!("the waiver of {} expired on {}", waiver.code, waiver.until);
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(location)
                .help(format!("remove it, or ask {} to renew it", waiver.owner)),
        );
    }
}
