//! An append-only file ends in a line feed before it grows.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM017` last-line-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LAST_LINE_CHANGED,
        summary: "an append-only file ends in a line feed before it grows",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::LastLineChanged],
        subjects: &[Subject::Path, Subject::Card],
        tell,
    },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "the last line had no line feed, so what was appended changed it")
        .help("a file that only grows ends in a line feed: mend it once under a waiver"))
}
