//! A final document never changes.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM013` final-document-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FINAL_DOCUMENT_EDITED,
        summary: "a final document never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FinalChanged], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = scene.difference(breach)?;
    let message = match &breach.detail {
        Detail::Final { field, value } => {
            format!("final document was modified (`{field}` is `{value}` on the base branch)")
        }
        _ => "final document was modified".into(),
    };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(scene.restore(&breach.path))
        .help("to change the decision, write a new document that supersedes this one"))
}
