//! An append-only file changes only at its end.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Detail, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM016` lines-not-appended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LINES_NOT_APPENDED,
        summary: "an append-only file changes only at its end",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::NotAppended],
        subjects: &[Subject::Path, Subject::Card],
        describe,
    },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let location = match breach.detail {
        Detail::Bytes { at } => context.line(breach, at as usize)?.with_label("first changed line"),
        _ => context.line(breach, usize::MAX)?,
    };
    let message = match breach.detail {
        Detail::Bytes { .. } => "append-only file: an existing line was changed",
        _ => "append-only file: lines were removed from its end",
    };
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&breach.path))
        .help("then append the new lines at the end"))
}
