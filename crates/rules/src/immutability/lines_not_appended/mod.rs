//! An append-only file keeps every byte it has.

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
        summary: "an append-only file keeps every byte it has",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::NotAppended],
        subjects: &[Subject::Path, Subject::Card],
        tell,
    },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = match breach.detail {
        Detail::Bytes { at } => {
            scene.line(breach, at as usize)?.with_label("the first line that is not as it was")
        }
        _ => scene.line(breach, usize::MAX)?,
    };
    let message = match breach.detail {
        Detail::Bytes { .. } => "this file only takes new lines at its end, and earlier ones changed",
        _ => "this file only takes new lines at its end, and lost its last ones",
    };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(scene.restore(&breach.path))
        .help("then add the new lines at the end"))
}
