//! The mode of a governed file never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM007` mode-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::MODE_CHANGED,
        summary: "the mode of a governed file never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::ModeChanged], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let mode = |object: Option<snapshot::Object>| object.map_or("nothing", |object| object.mode.octal());
    let (was, now) = (mode(breach.before), mode(breach.after));
    let chmod = if now == "100755" { "-x" } else { "+x" };
    Ok(context
        .diagnostic(&RULE.info, breach, format!("file mode changed: {was} → {now}"))
        .help(format!("restore the mode: git update-index --chmod={chmod} {}", engine::quote(&breach.path))))
}
