//! Specs, documents and packs are what their schemas say.

use diagnostic::{Diagnostic, Level, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `SCH001` document-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "SCH001",
        name: "document-invalid",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "specs, documents and packs are what their schemas say",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // A ULID of another form has a rule of its own.
    let tells =
        |problem: &artifact::Problem| problem.pointer != "/ulid" || problem.message.contains("missing");
    for spec in state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref()) {
        spec.hold(&RULE.info, schema::plugin_spec(), tells, findings);
    }
    for document in &state.documents {
        document.hold(&RULE.info, schema::document(), tells, findings);
    }
    for pack in &state.packs {
        pack.hold(&RULE.info, schema::pack(), tells, findings);
    }
    Ok(())
}
