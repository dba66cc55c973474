//! A host that a plugin speaks to is named exactly.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Section;
use snapshot::Result;

use super::words::{as_policy_says, climbs, elements, flaw, specs};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CAP001` host-too-broad.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::HOST_TOO_BROAD,
        summary: "a host that a plugin speaks to is named exactly",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let refuses_wildcards = state.policy.values.truth(Section::Security, "wildcard_hosts") == Some(false);
    for (_, spec, value) in specs(state) {
        for (pointer, entry) in elements(value, "/capabilities/http/allowlist") {
            let text = |pointer| {
                let value = entry.pointer(pointer)?;
                Some((value, value.as_str()?))
            };
            let place = |inside: &str| spec.place(&format!("{pointer}{inside}"));
            // An empty host is told by the schema of specs.
            if let Some((shown, host)) = text("/host").filter(|(_, host)| !host.is_empty()) {
                if let Some((wrong, help)) = flaw(host) {
                    let message = format!("{} {wrong}", shown.show());
                    findings.push(Diagnostic::new(&RULE.info, message).at(place("/host")).help(help));
                } else if host.starts_with("*.") && refuses_wildcards {
                    let message = format!(
                        "{} is every host below a name, and policy wants each one named",
                        shown.show()
                    );
                    let told = Diagnostic::new(&RULE.info, message).at(place("/host"));
                    let told = told.help("name each host that the plugin speaks to, as in `api.example.org`");
                    findings.push(as_policy_says(state, "wildcard_hosts", told));
                }
            }
            if let Some((shown, _)) = text("/path_prefix").filter(|(_, prefix)| climbs(prefix)) {
                let message = format!("{} goes up: it is more than the paths that begin so", shown.show());
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(place("/path_prefix"))
                        .help("write the path without `..`, as in `/v1/`"),
                );
            }
        }
    }
    Ok(())
}
