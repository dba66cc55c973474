//! A plugin requests no capability that the policy forbids.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use policy::Section;
use snapshot::Result;

use super::request::{Capability, covers, host_problem, requests, specs, with_policy_line};

/// `CAP003` capability-forbidden.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CAPABILITY_FORBIDDEN,
        summary: "a plugin requests no capability that the policy forbids",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let values = &state.policy.values;
    let forbidden = values.names(Section::Security, "forbidden_capabilities").unwrap_or_default();
    let writes = values.truth(Section::Security, "filesystem_write") != Some(false);
    let hosts = values.names(Section::Security, "http_hosts");
    for (_, spec, value) in specs(state) {
        let mut report = |pointer: &str, message: String, key: &str, help: &str| {
            let finding = Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help);
            findings.push(with_policy_line(state, key, finding));
        };
        for name in forbidden.iter().filter(|name| !requests(value, name).is_empty()) {
            let message = format!("the plugin requests {name}, which the policy forbids");
            report(
                &format!("/capabilities/{name}"),
                message,
                "forbidden_capabilities",
                "remove the capability",
            );
        }
        let is_free = |name: &str| !forbidden.iter().any(|other| other == name);
        if is_free("filesystem") && !writes {
            for request in requests(value, "filesystem") {
                let Capability::Files { mode, .. } = request.capability else { continue };
                if mode != "read" {
                    let message = format!(
                        "the plugin requests write access to {}, which the policy forbids",
                        request.show()
                    );
                    report(
                        &request.pointer,
                        message,
                        "filesystem_write",
                        "request read access, or remove the entry",
                    );
                }
            }
        }
        if let Some(hosts) = hosts.filter(|_| is_free("http")) {
            for request in requests(value, "http") {
                // An invalid host is reported by CAP001.
                let Capability::Host { host, .. } = request.capability else { continue };
                if host_problem(host).is_none() && !hosts.iter().any(|allowed| covers(allowed, host)) {
                    let message = format!(
                        "the plugin requests {}, which is not among the hosts that the policy permits",
                        request.show()
                    );
                    report(
                        &request.pointer,
                        message,
                        "http_hosts",
                        "use a host that security.http_hosts permits",
                    );
                }
            }
        }
    }
    Ok(())
}
