//! A frozen file never changes.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM004` frozen-path-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_CHANGED,
        summary: "a frozen file never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::Changed],
        subjects: &[Subject::Path, Subject::Ledger],
        tell: describe,
    },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = scene.difference(breach)?;
    Ok(scene
        .diagnostic(&RULE.info, breach, "frozen file was modified")
        .at(location)
        .help(scene.restore(&breach.path)))
}
