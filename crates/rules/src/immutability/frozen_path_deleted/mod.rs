//! A frozen or append-only file is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM005` frozen-path-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_DELETED,
        summary: "a frozen or append-only file is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Deleted], subjects: &[Subject::Path], tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene.diagnostic(&RULE.info, breach, "governed file was deleted").help(scene.restore(&breach.path)))
}
