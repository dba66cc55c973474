//! A document whose own field declares it final never changes.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM013` final-document-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FINAL_DOCUMENT_EDITED,
        summary: "a document whose own field declares it final never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FinalChanged], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = scene.difference(breach)?;
    let message = match &breach.detail {
        Detail::Final { field, value } => {
            format!("this document is final (`{field}` is `{value}` on base) and was changed")
        }
        _ => "this document is final and was changed".into(),
    };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(scene.restore(&breach.path))
        .help("to change what it decided, write a new document that supersedes it"))
}
