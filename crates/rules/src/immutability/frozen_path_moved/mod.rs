//! A frozen or append-only file is never moved or renamed.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use super::breach_details::moved;
use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM006` frozen-path-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_MOVED,
        summary: "a frozen or append-only file is never moved or renamed",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Moved], subjects: &[Subject::Path], tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (to, how) = moved(breach);
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("governed file was moved to {to} ({how})"))
        .help(scene.restore(&breach.path)))
}
