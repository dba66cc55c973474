//! Each host that a plugin requests is named exactly.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::request::{elements, has_parent_segment, host_problem, specs, with_policy_line};

/// `CAP001` host-too-broad.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::HOST_TOO_BROAD,
        summary: "each host that a plugin requests is named exactly",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let refuses_wildcards = state.policy.values.truth(Section::Security, "wildcard_hosts") == Some(false);
    for (_, spec, value) in specs(state) {
        for (pointer, entry) in elements(value, "/capabilities/http/allowlist") {
            let text = |pointer| {
                let value = entry.pointer(pointer)?;
                Some((value, value.as_str()?))
            };
            let place = |inside: &str| spec.place(&format!("{pointer}{inside}"));
            // An empty host is reported by the schema of specs.
            if let Some((shown, host)) = text("/host").filter(|(_, host)| !host.is_empty()) {
                if let Some((problem, help)) = host_problem(host) {
                    let message = format!("{} {problem}", shown.show());
                    findings.push(Diagnostic::new(&RULE.info, message).at(place("/host")).help(help));
                } else if host.starts_with("*.") && refuses_wildcards {
                    let message = format!("{} is a wildcard, which the policy forbids", shown.show());
                    let finding = Diagnostic::new(&RULE.info, message).at(place("/host"));
                    let finding = finding.help("name each host, for example `api.example.org`");
                    findings.push(with_policy_line(state, "wildcard_hosts", finding));
                }
            }
            if let Some((shown, _)) = text("/path_prefix").filter(|(_, prefix)| has_parent_segment(prefix)) {
                let message = format!("{} contains `..`, so it does not limit the path", shown.show());
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(place("/path_prefix"))
                        .help("write the path without `..`, for example `/v1/`"),
                );
            }
        }
    }
    Ok(())
}
