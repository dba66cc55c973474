//! A new file at a governed path is a regular file.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM011` not-a-regular-file.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_A_REGULAR_FILE,
        summary: "a new file at a governed path is a regular file",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::NotAFile], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let what = breach.after.map_or("nothing".to_string(), |object| object.mode.kind().to_string());
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("governed path is {what}, expected a regular file"))
        .help("add the content itself as a regular file"))
}
