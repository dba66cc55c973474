//! An append-only file changes only at its end.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM016` lines-not-appended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LINES_NOT_APPENDED,
        summary: "an append-only file changes only at its end",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (Breach::NotAppended { at }, Subject::Path | Subject::Card) = (&breach.kind, breach.subject) else {
        return Ok(None);
    };
    let (location, message) = match at {
        Some(at) => (
            context.line(breach, *at as usize)?.with_label("first changed line"),
            "append-only file: an existing line was changed",
        ),
        None => (context.line(breach, usize::MAX)?, "append-only file: lines were removed from its end"),
    };
    let finding = context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&breach.path))
        .help("then append the new lines at the end");
    Ok(Some(finding))
}
