//! The mode of a governed file never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM007` mode-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::MODE_CHANGED,
        summary: "the mode of a governed file never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::ModeChanged {
        return Ok(None);
    }
    let mode = |object: Option<snapshot::Object>| object.map_or("nothing", |object| object.mode.octal());
    let (was, now) = (mode(breach.before), mode(breach.after));
    let chmod = if now == "100755" { "-x" } else { "+x" };
    let finding =
        context.diagnostic(&RULE.info, breach, format!("file mode changed: {was} → {now}")).help(format!(
            "restore the mode: git update-index --chmod={chmod} {}",
            artifact::shell::word(breach.path.as_bytes())
        ));
    Ok(Some(finding))
}
