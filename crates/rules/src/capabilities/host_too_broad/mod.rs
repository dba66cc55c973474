//! Each host that a plugin requests is named exactly.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
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
    for (_, spec, value) in specs(state) {
        for (pointer, entry) in elements(value, "/capabilities/http/allowlist") {
            if let Some(host) = entry.pointer("/host") {
                findings.extend(check_host(state, spec, &format!("{pointer}/host"), host));
            }
            let prefix = entry
                .pointer("/path_prefix")
                .filter(|prefix| prefix.as_str().is_some_and(has_parent_segment));
            if let Some(prefix) = prefix {
                let message = format!("{} contains `..`, so it does not limit the path", prefix.show());
                findings.push(
                    Diagnostic::new(&RULE.info, message)
                        .at(spec.place(&format!("{pointer}/path_prefix")))
                        .help("write the path without `..`, for example `/v1/`"),
                );
            }
        }
        for (pointer, _) in elements(value, "/capabilities/http/credentials") {
            for (pointer, host) in elements(value, &format!("{pointer}/hosts")) {
                findings.extend(check_host(state, spec, &pointer, host));
            }
        }
    }
    Ok(())
}

/// Checks a host at a pointer of a spec; an empty one is reported by the schema of specs.
fn check_host(state: &StateContext<'_>, spec: &Document, pointer: &str, value: &Value) -> Option<Diagnostic> {
    let host = value.as_str().filter(|host| !host.is_empty())?;
    if let Some((problem, help)) = host_problem(host) {
        let message = format!("{} {problem}", value.show());
        return Some(Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help));
    }
    let refuses_wildcards = state.policy.values.truth(Section::Security, "wildcard_hosts") == Some(false);
    (host.starts_with("*.") && refuses_wildcards).then(|| {
        let message = format!("{} is a wildcard, which the policy forbids", value.show());
        let finding = Diagnostic::new(&RULE.info, message).at(spec.place(pointer));
        let finding = finding.help("name each host, for example `api.example.org`");
        with_policy_line(state, "wildcard_hosts", finding)
    })
}
