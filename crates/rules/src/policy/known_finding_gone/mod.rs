//! Every known finding still occurs in the history.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, WaiverContext};

/// `POL010` known-finding-gone.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::KNOWN_FINDING_GONE,
        summary: "every known finding still occurs in the history",
        page: include_str!("README.md"),
    },
    check: Check::Waivers(check),
};

/// The entries that are reported one by one: after a change of the policy all of a long list may be gone, and one command removes them.
const MAX_REPORTED_ENTRIES: usize = 20;

fn check(context: &WaiverContext<'_>, findings: &mut Vec<Diagnostic>) {
    let known = &context.policy.known;
    let file = snapshot::shell::pathspec(known.path.as_bytes());
    let help = format!("remove what is gone: id-guard audit --write-baseline {file}");
    let report = |at: usize, message: String| {
        Diagnostic::new(&RULE.info, message).at(known.place(&known.entries[at])).help(help.clone())
    };
    for &at in context.gone.iter().take(MAX_REPORTED_ENTRIES) {
        let entry = &known.entries[at];
        let message = format!("the known finding {} of {} no longer occurs", entry.code, entry.path);
        findings.push(report(at, message));
    }
    if let Some(&at) = context.gone.get(MAX_REPORTED_ENTRIES) {
        let more = context.gone.len() - MAX_REPORTED_ENTRIES;
        findings.push(report(at, format!("{more} more known findings no longer occur")));
    }
}
