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
    // A name that starts with `-` must not be an option of chmod.
    let path = if breach.path.as_bytes().starts_with(b"-") {
        artifact::shell::word([b"./", breach.path.as_bytes()].concat())
    } else {
        artifact::shell::word(breach.path.as_bytes())
    };
    // In the working tree and in the index: each alone is undone by the next `git add`.
    let finding = context
        .diagnostic(&RULE.info, breach, format!("file mode changed: {was} → {now}"))
        .help(format!("restore the mode: chmod {chmod} {path} && git update-index --chmod={chmod} {path}"));
    Ok(Some(finding))
}
