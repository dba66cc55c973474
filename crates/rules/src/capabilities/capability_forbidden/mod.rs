//! A plugin asks for nothing that policy forbids.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Section;
use snapshot::Result;

use super::words::{What, as_policy_says, asks, flaw, specs, takes_in};
use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CAP003` capability-forbidden.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CAPABILITY_FORBIDDEN,
        summary: "a plugin asks for nothing that policy forbids",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let values = &state.policy.values;
    let forbidden = values.names(Section::Security, "forbidden_capabilities").unwrap_or_default();
    let writes = values.truth(Section::Security, "filesystem_write") != Some(false);
    let hosts = values.names(Section::Security, "http_hosts");
    for (_, spec, value) in specs(state) {
        let mut tell = |pointer: &str, message: String, says: &str, help: &str| {
            let told = Diagnostic::new(&RULE.info, message).at(spec.place(pointer)).help(help);
            findings.push(as_policy_says(state, says, told));
        };
        for name in forbidden.iter().filter(|name| !asks(value, name).is_empty()) {
            let message = format!("the plugin asks for {name}, which policy forbids");
            tell(&format!("/capabilities/{name}"), message, "forbidden_capabilities", "do without it");
        }
        let is_free = |name: &str| !forbidden.iter().any(|other| other == name);
        if is_free("filesystem") && !writes {
            for ask in asks(value, "filesystem") {
                let What::Files { mode, .. } = ask.what else { continue };
                if mode != "read" {
                    let message =
                        format!("the plugin asks to write {}, and policy lets none write", ask.show());
                    tell(&ask.pointer, message, "filesystem_write", "ask to read, or do without it");
                }
            }
        }
        if let Some(hosts) = hosts.filter(|_| is_free("http")) {
            for ask in asks(value, "http") {
                // What is no host is told by another rule.
                let What::Host { host, .. } = ask.what else { continue };
                if flaw(host).is_none() && !hosts.iter().any(|allowed| takes_in(allowed, host)) {
                    let message = format!(
                        "the plugin asks for {}, which is none of the hosts that policy allows",
                        ask.show()
                    );
                    tell(&ask.pointer, message, "http_hosts", "speak to a host that policy allows");
                }
            }
        }
    }
    Ok(())
}
