//! An append-only file changes only at its end.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

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
        tell: describe,
    },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = match breach.detail {
        Detail::Bytes { at } => scene.line(breach, at as usize)?.with_label("first changed line"),
        _ => scene.line(breach, usize::MAX)?,
    };
    let message = match breach.detail {
        Detail::Bytes { .. } => "append-only file: an existing line was changed",
        _ => "append-only file: lines were removed from its end",
    };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(scene.restore(&breach.path))
        .help("then append the new lines at the end"))
}
