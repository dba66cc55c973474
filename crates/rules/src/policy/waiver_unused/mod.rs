//! Every waiver covers something.

use diagnostic::{Diagnostic, Location, RuleInfo};
use policy::WAIVERS_PATH;
use snapshot::RepoPath;

use crate::rule::{Check, Rule};
use crate::waivers::WaiverContext;

/// `POL005` waiver-unused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::WAIVER_UNUSED,
        summary: "every waiver covers something",
        page: include_str!("README.md"),
    },
    check: Check::Waivers(judge),
};

fn judge(context: &WaiverContext<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.whole_history {
        return;
    }
    for (waiver, _) in context.policy.waivers.iter().zip(context.used).filter(|(_, used)| !**used) {
        if waiver.is_expired(context.today) {
            continue;
        }
        let location =
            Location::at(&RepoPath::from(WAIVERS_PATH), &context.policy.waivers_text, waiver.span.clone());
        let message = format!("this waiver of {} covers nothing in the whole history", waiver.code);
        findings.push(
            Diagnostic::new(&RULE.info, message)
                .at(location)
                .help("remove it once what it was written for has been merged"),
        );
    }
}
