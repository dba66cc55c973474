//! A document whose fields are governed can be read.

use diagnostic::{Diagnostic, Level, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind, Detail};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM028` document-unreadable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DOCUMENT_UNREADABLE,
        summary: "a document whose fields are governed can be read",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Unreadable], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    match &breach.detail {
        Detail::Base { reason } => {
            let message =
                format!("the version on base cannot be judged, so nothing held this change to it: {reason}");
            let mut finding = scene.diagnostic(&RULE.info, breach, message);
            finding.level = Level::Warn;
            return Ok(finding.help("compare the two by eye; from here on the fields are held"));
        }
        Detail::Unknown { reason } => {
            let message = format!("the fields of this file cannot be judged: {reason}");
            return Ok(scene
                .diagnostic(&RULE.info, breach, message)
                .help("take the file out of the policy's pattern"));
        }
        _ => {}
    }
    let (location, message) = match &breach.detail {
        Detail::Syntax { start, end, reason } => (
            scene.bytes(breach, *start..*end)?,
            format!("the fields of this document cannot be judged: {reason}"),
        ),
        _ => (
            diagnostic::Location::of(&breach.path),
            "the fields of this document cannot be judged".to_string(),
        ),
    };
    Ok(scene
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help("mend the document; it was readable before"))
}
